import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { ContentId } from '../model/entry.ts';
import { type Attributes, setTime } from './attributes.ts';
import { freshName } from './copies.ts';
import { assertRoom } from './free-space.ts';
import { Part, type WrittenChunk } from './part.ts';

/** What is kept of a part from one run to the next. */
export interface PartRecord {
  readonly id: ContentId;
  /** Bytes. */
  readonly size: number;
  readonly chunks: readonly WrittenChunk[];
}

/** Where parts lie, and who remembers what is in them. */
export interface PartsOptions {
  /** On the disk of the share. */
  readonly folder: string;
  readonly clock: Clock;
  /** What was kept; without it all of a part that a former run left behind is of no use. */
  readonly kept?: Iterable<PartRecord>;
  /** Chunks are in a part: to be kept. */
  readonly onWritten: (part: Pick<PartRecord, 'id' | 'size'>, chunks: readonly WrittenChunk[]) => void;
  /** There is no such part any more. */
  readonly onGone: (id: ContentId) => void;
}

const FRESH = constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_WRONLY;

// A peer that is switched off at night goes on in the morning.
const UNUSED_MS = 24 * 60 * 60 * 1000;

const ENDING = '.part';

/** Contents on their way to this disk. One at most for each, whatever paths it is for. */
export class Parts {
  readonly #options: PartsOptions;
  readonly #parts = new Map<ContentId, Part>();
  readonly #beginning = new Map<ContentId, Promise<Part>>();
  /** How many write to a part; none yet where it is about to be written to. */
  readonly #users = new Map<Part, number>();

  constructor(options: PartsOptions) {
    this.#options = options;
    this.#makeFolder();
    for (const record of options.kept ?? []) this.#restore(record);
  }

  /** All there are. */
  get all(): Iterable<Part> {
    return this.#parts.values();
  }

  /** Is there one of a content? */
  has(id: ContentId): boolean {
    return this.#parts.has(id);
  }

  /**
   * The part of a content, to be written to: the one that is there, or an empty one. Until it is {@link release}d it stays, and
   * there is room left for what is still to come.
   *
   * @throws ShareDiskError E_SHARE_NO_ROOM; an error of the system
   */
  async begin(id: ContentId, size: number): Promise<Part> {
    const begun = this.#beginning.get(id) ?? this.#begin(id, size).finally(() => this.#beginning.delete(id));
    this.#beginning.set(id, begun);
    const part = await begun;
    this.#users.set(part, (this.#users.get(part) ?? 0) + 1);
    return part;
  }

  /** Somebody who has begun it writes to it no longer. */
  release(part: Part): void {
    const users = (this.#users.get(part) ?? 0) - 1;
    if (users > 0) this.#users.set(part, users);
    else this.#users.delete(part);
  }

  /** Does somebody write to it? */
  isUsed(part: Part): boolean {
    return this.#users.has(part);
  }

  /**
   * Have a part for something else from now on: what was a draft has become a content, or is one that was begun earlier.
   *
   * @param id of which there is none
   * @returns false where its file is gone, or not as long as it was: then it is forgotten
   * @throws an error of the system: then it is what it was
   */
  rename(part: Part, id: ContentId): boolean {
    const { onWritten, onGone } = this.#options;
    const before = part.id;
    const where = this.#whereOf(id);
    if (this.#parts.has(id)) throw new RangeError(`there is a part of ${id} already`);
    if (!isWhole(part)) {
      this.#forget(part);
      return false;
    }
    // What may be known of an earlier one is not true of this one.
    onGone(id);
    // Behind a crash in between what is known under either name is true, and the file is there under one of them.
    onWritten({ id, size: part.size }, [...part.chunks]);
    try {
      renameSync(part.where, where);
    } catch (error) {
      onGone(id);
      throw error;
    }
    part.moved(id, where);
    this.#parts.delete(before);
    this.#parts.set(id, part);
    onGone(before);
    return true;
  }

  /**
   * A file of a small content that came in one piece; it is no part, and kept by nobody.
   *
   * @param attributes that it is to have in the end, where they are known: its time costs least while it is open
   * @throws an error of the system: nothing is left then
   */
  writeWhole(bytes: Uint8Array, attributes?: Pick<Attributes, 'mtimeMs'>): string {
    const where = freshName(this.#options.folder);
    const file = openSync(where, FRESH, 0o600);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      if (attributes !== undefined) setTime(file, attributes);
    } catch (error) {
      rmSync(where, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    return where;
  }

  /**
   * Remove what nobody has written to for a day, nor is about to.
   *
   * @param wanted contents that somebody still wants
   */
  async removeUnused(wanted: ReadonlySet<ContentId>): Promise<void> {
    const { folder, clock } = this.#options;
    for (const name of readdirSync(folder)) {
      const id = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : '';
      // Its other time is that of the file that it is to be, which may be years old.
      const stats = lstatSync(join(folder, name), { throwIfNoEntry: false });
      if (stats === undefined || clock.now() - stats.ctimeMs < UNUSED_MS) continue;
      const part = this.#parts.get(id);
      // A peer that is asked for the rest may be away.
      if (wanted.has(id) || (part !== undefined && this.isUsed(part))) continue;
      if (part === undefined) rmSync(join(folder, name), { recursive: true, force: true });
      else await part.drop();
    }
  }

  /** Let go of all files. */
  async close(): Promise<void> {
    for (const part of this.#parts.values()) await part.close();
  }

  async #begin(id: ContentId, size: number): Promise<Part> {
    const there = this.#parts.get(id);
    if (there?.size === size && isWhole(there)) {
      if (!this.isUsed(there)) {
        letOwnerWrite(there);
        await this.#takeUp(there);
      }
      return there;
    }
    // What is known of one that was moved away, or of which nobody knows any more what is in it, is not true of the new one.
    this.#options.onGone(id);
    const part = this.#add({ id, size, chunks: [] });
    try {
      this.#makeFolder();
      await this.#takeUp(part);
      // What lies there is of no use: nobody knows what is in it.
      rmSync(part.where, { force: true });
      await part.create();
    } catch (error) {
      this.#parts.delete(id);
      this.#users.delete(part);
      throw error;
    }
    return part;
  }

  /**
   * Somebody is going to write to it: with what others wait for and has not come, there has to be room. Else all of them would run
   * into the end of the disk, and the journal too.
   *
   * @throws ShareDiskError E_SHARE_NO_ROOM
   */
  async #takeUp(part: Part): Promise<void> {
    this.#users.set(part, 0);
    try {
      await assertRoom(this.#options.folder, this.#lackingBytes());
    } catch (error) {
      this.#users.delete(part);
      throw error;
    }
  }

  /** Nothing is known of it any more. @returns whether anything was */
  #forget(part: Part): boolean {
    if (this.#parts.get(part.id) !== part) return false;
    this.#parts.delete(part.id);
    this.#users.delete(part);
    this.#options.onGone(part.id);
    return true;
  }

  #lackingBytes(): number {
    let bytes = 0;
    for (const part of this.#users.keys()) bytes += part.lackingBytes;
    return bytes;
  }

  #restore(record: PartRecord): void {
    const part = this.#add(record);
    if (isWhole(part)) return;
    this.#parts.delete(record.id);
    this.#options.onGone(record.id);
  }

  #add({ id, size, chunks }: PartRecord): Part {
    const { onWritten } = this.#options;
    const part: Part = new Part({
      id,
      size,
      where: this.#whereOf(id),
      chunks,
      onWritten: (written) => onWritten({ id: part.id, size }, written),
      forget: () => this.#forget(part),
    });
    this.#parts.set(id, part);
    return part;
  }

  /** Somebody may have removed it. What it lies in is not made: its disk may be away. */
  #makeFolder(): void {
    const { folder } = this.#options;
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  }

  #whereOf(id: ContentId): string {
    return join(this.#options.folder, `${id}${ENDING}`);
  }
}

/** One that could not be moved to where it belongs has the rights of the file that lies there: its owner may not open it again. */
function letOwnerWrite({ where }: Part): void {
  if ((lstatSync(where).mode & 0o600) !== 0o600) chmodSync(where, 0o600);
}

/**
 * Is its file there, as long as it is to be, and nobody else's? After a crash in the moment when it was put into the share, a file
 * there is the same one.
 */
function isWhole({ where, size }: Part): boolean {
  const stats = lstatSync(where, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size === size && stats.nlink === 1;
}
