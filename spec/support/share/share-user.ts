import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../../../lib/base/coded-error.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** What all users of a share have written and thrown away, by hash. */
export interface Memory {
  readonly written: Map<string, string>;
  readonly discarded: Set<string>;
  count: number;
}

const FOLDERS = ['', 'a', 'a/b', 'c', 'c/d/e'];
const NAMES = ['one', 'two.txt', 'three', '.hidden'];

// A file in use, one of some chunks, and now and then one that takes a while.
const SIZES = [0, 1, 300, 5_000, 40_000, 90_000, 700_000, 3_000_000];

// What the program does to a path in the same moment is no fault of either.
const EXPECTED: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ENOTEMPTY',
  'EINVAL',
]);

/**
 * Somebody who works in the share of a peer, and knows of everything that he overwrote or removed what it was: what he did not see
 * when he did it counts as not overwritten.
 */
export class ShareUser {
  readonly #share: string;
  readonly #outside: string;
  readonly #memory: Memory;
  readonly #random: SeededRandom;

  /** @param outside on the same disk, beside the share */
  constructor(share: string, outside: string, memory: Memory, random: SeededRandom) {
    this.#share = share;
    this.#outside = outside;
    this.#memory = memory;
    this.#random = random;
    mkdirSync(outside, { recursive: true });
  }

  /** Do something, whatever is there. */
  act(): void {
    const { integer } = this.#random;
    const acts = [
      () => this.#create(),
      () => this.#create(),
      () => this.#create(),
      () => this.#overwrite(),
      () => this.#append(),
      () => this.#append(),
      () => this.#rename(),
      () => this.#renameFolder(),
      () => this.#remove(this.#file()),
      () => this.#removeSometimes(),
    ];
    try {
      acts[integer(acts.length)]?.();
    } catch (error) {
      if (!EXPECTED.has(codeOf(error))) throw error;
    }
  }

  /** A new file, in the place of what lies there. */
  #create(): void {
    const path = this.#file();
    mkdirSync(join(this.#share, dirname(path)), { recursive: true });
    const file = this.#aside();
    writeFileSync(file, this.#bytes());
    const name = this.#note(file, path);
    if (existsSync(join(this.#share, path))) this.#remove(path);
    try {
      linkSync(file, join(this.#share, path));
    } catch (error) {
      // Somebody else was faster: it never was in the share.
      this.#memory.written.delete(name);
      throw error;
    }
  }

  /** In its place, as editors do that keep the file: through the same descriptor by which the old bytes were seen. */
  #overwrite(): void {
    const path = this.#file();
    const file = openSync(join(this.#share, path), 'r+');
    try {
      if (!fstatSync(file).isFile()) return;
      this.#memory.discarded.add(hashOf(readFileSync(file)));
      const bytes = this.#bytes();
      ftruncateSync(file, 0);
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, done);
      this.#memory.written.set(hashOf(bytes), `${path} overwritten`);
    } finally {
      closeSync(file);
    }
  }

  #append(): void {
    const path = this.#file();
    const file = openSync(join(this.#share, path), 'r+');
    try {
      if (!fstatSync(file).isFile()) return;
      const before = readFileSync(file);
      this.#memory.discarded.add(hashOf(before));
      const more = Buffer.from(`more ${this.#number()};`);
      writeSync(file, more, 0, more.length, before.length);
      this.#memory.written.set(hashOf(Buffer.concat([before, more])), `${path} appended`);
    } finally {
      closeSync(file);
    }
  }

  #rename(): void {
    const [from, to] = [this.#file(), this.#file()];
    const file = this.#takeOut(from);
    if (file === undefined) return;
    const name = hashOf(readFileSync(file));
    // Until it is back it is nowhere in the share.
    this.#memory.discarded.add(name);
    linkSync(file, join(this.#share, to));
    this.#memory.discarded.delete(name);
    this.#memory.written.set(name, `${from} renamed to ${to}`);
  }

  #renameFolder(): void {
    const [from, to] = [this.#random.pick(FOLDERS), `${this.#random.pick(FOLDERS)}/moved`];
    if (from !== '' && !existsSync(join(this.#share, to))) renameSync(join(this.#share, from), join(this.#share, to));
  }

  #removeSometimes(): void {
    if (this.#random.chance(0.3)) this.#remove(this.#random.pick([...FOLDERS.filter(Boolean), 'a/moved', 'moved']));
  }

  /** Where it goes it can be seen what it was. */
  #remove(path: string): void {
    const taken = this.#takeOut(path);
    if (taken !== undefined)
      for (const file of filesBelow(taken)) this.#memory.discarded.add(hashOf(readFileSync(file)));
  }

  #takeOut(path: string): string | undefined {
    const to = this.#aside();
    renameSync(join(this.#share, path), to);
    return lstatSync(to, { throwIfNoEntry: false }) && to;
  }

  #note(file: string, path: string): string {
    const name = hashOf(readFileSync(file));
    this.#memory.written.set(name, `${path} created`);
    return name;
  }

  #aside(): string {
    return join(this.#outside, `${this.#number()}`);
  }

  #file(): string {
    return join(this.#random.pick(FOLDERS), this.#random.pick(NAMES));
  }

  #number(): number {
    this.#memory.count += 1;
    return this.#memory.count;
  }

  /** None are like any others. */
  #bytes(): Buffer {
    const head = `${this.#number()};`;
    const size = this.#random.pick(SIZES);
    // Chunks that are like each other are as likely as those that are not.
    if (this.#random.chance(0.5)) return Buffer.alloc(Math.max(head.length, size), head);
    return Buffer.concat([Buffer.from(head), randomBytes(size)]);
  }
}

/** What was written by users, was thrown away by none of them, and is in none of these folders. */
export function lostVersions({ written, discarded }: Memory, folders: readonly string[]): readonly string[] {
  const there = new Set(folders.flatMap((folder) => filesBelow(folder)).map((file) => hashOf(readFileSync(file))));
  return [...written].filter(([hash]) => !there.has(hash) && !discarded.has(hash)).map(([, what]) => what);
}

function filesBelow(path: string): readonly string[] {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return [];
  if (!there.isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
