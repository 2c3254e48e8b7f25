import { mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { type Entry, entriesBelow, onDisk } from './disk.ts';
import { contentOf, type PastTimes, writeFileAt } from './write-file.ts';

/** A tree as it is before one change, and the hands that make the change. Paths as in {@link Entry}. */
export class Scene {
  readonly entries: readonly Entry[];
  readonly #paths: ReadonlySet<string>;
  /** How many entries lie below each folder. */
  readonly #below = new Map<string, number>();
  readonly #root: string;
  readonly #random: () => number;
  readonly #times: PastTimes;

  constructor(root: string, random: () => number, times: PastTimes) {
    this.entries = entriesBelow(root);
    this.#paths = new Set(this.entries.map(({ path }) => path));
    for (const { path } of this.entries) {
      for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
        const folder = path.slice(0, at);
        this.#below.set(folder, (this.#below.get(folder) ?? 0) + 1);
      }
    }
    this.#root = root;
    this.#random = random;
    this.#times = times;
  }

  /** One of them; `undefined` when there is none. */
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }

  /** A whole number, at least 0 and below the limit. */
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** The path of any folder, the root included. */
  anyFolder(): string {
    return this.pick(['', ...this.entries.filter(({ kind }) => kind === 'folder').map(({ path }) => path)]) ?? '';
  }

  /** A path in a folder that nothing had before. */
  newPath(folder: string): string {
    const name = `new ${this.#times.next()}.txt`;
    return folder === '' ? name : `${folder}/${name}`;
  }

  /** Has it something in it, but not more than a quarter of all? */
  isSmallFolder({ kind, path }: Entry): boolean {
    if (kind !== 'folder') return false;
    const inside = this.#below.get(path) ?? 0;
    return inside > 0 && inside <= this.entries.length / 4;
  }

  // The hands: each returns the path where the entry is then.

  write(path: string, size: number): string {
    const time = this.#times.next();
    writeFileAt(onDisk(this.#root, path), contentOf(`${path} ${time}`, size), time);
    return path;
  }

  touch(path: string): string {
    const time = this.#times.next();
    utimesSync(onDisk(this.#root, path), time, time);
    return path;
  }

  makeFolder(path: string): string {
    mkdirSync(onDisk(this.#root, path));
    return path;
  }

  move(from: string, to: string): string {
    renameSync(onDisk(this.#root, from), onDisk(this.#root, to));
    return to;
  }

  remove(path: string): string {
    rmSync(onDisk(this.#root, path), { recursive: true });
    return path;
  }
}
