import { constants, renameSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../base/coded-error.ts';
import type { ContentId } from '../model/entry.ts';
import { freshName } from './copies.ts';

/** A chunk in a part, where it belongs. */
export interface WrittenChunk {
  /** SHA-256, 64 hexadecimal digits. */
  readonly hash: string;
  readonly offset: number;
  readonly size: number;
}

/** What a part needs from where it lies. */
export interface PartOptions {
  readonly id: ContentId;
  readonly size: number;
  /** Of the file. */
  readonly where: string;
  /** What is in it already. */
  readonly chunks: Iterable<WrittenChunk>;
  /** These are in it now, and nobody has to write them again: to be kept. */
  readonly onWritten: (chunks: readonly WrittenChunk[]) => void;
  /** It is not there any more. @returns whether it was still known: else what lies where it lay is another one */
  readonly forget: () => boolean;
}

// With a second program at work in the same folder, or a link put there, nothing is opened.
const FRESH = constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_RDWR;
const AGAIN = constants.O_NOFOLLOW | constants.O_RDWR;

/** An unfinished content: a file of its whole size, and what of it is there. */
export class Part {
  /** Bytes. */
  readonly size: number;
  #id: ContentId;
  #where: string;
  readonly #options: PartOptions;
  readonly #chunks = new Map<number, WrittenChunk>();
  #writtenBytes = 0;
  #file: FileHandle | undefined;

  constructor(options: PartOptions) {
    this.#options = options;
    this.#id = options.id;
    this.size = options.size;
    this.#where = options.where;
    for (const chunk of options.chunks) this.#add(chunk);
  }

  /** Bytes that are still to come: the disk has not set them aside. */
  get lackingBytes(): number {
    return this.size - this.#writtenBytes;
  }

  /** What it is to become: a content, or a draft. */
  get id(): ContentId {
    return this.#id;
  }

  get where(): string {
    return this.#where;
  }

  /** It is known as something else, and its file was moved. */
  moved(id: ContentId, where: string): void {
    this.#id = id;
    this.#where = where;
  }

  /** Is nothing in it? */
  get isEmpty(): boolean {
    return this.#chunks.size === 0;
  }

  /** What is in it. */
  get chunks(): Iterable<WrittenChunk> {
    return this.#chunks.values();
  }

  /** Is this chunk in it, where it belongs? */
  has({ hash, offset }: Pick<WrittenChunk, 'hash' | 'offset'>): boolean {
    return this.#chunks.get(offset)?.hash === hash;
  }

  /**
   * Make the file.
   *
   * @throws an error of the system: nothing is left then
   */
  async create(): Promise<void> {
    this.#file = await open(this.where, FRESH, 0o600);
    try {
      await this.#file.truncate(this.size);
    } catch (error) {
      await this.close();
      await rm(this.where, { force: true });
      throw error;
    }
  }

  /**
   * Write chunks whose hashes were compared, and that lie one behind the other.
   *
   * @param bytes of all of them
   * @throws an error of the system: then they count as not written
   */
  async write(chunks: readonly WrittenChunk[], bytes: Uint8Array): Promise<void> {
    const [first] = chunks;
    if (first === undefined) return;
    const file = await this.#open();
    for (let done = 0; done < bytes.length; ) {
      // A write may be cut short, by a signal or a nearly full disk, without an error.
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, first.offset + done);
      done += bytesWritten;
    }
    const fresh = chunks.filter((chunk) => !this.has(chunk));
    for (const chunk of fresh) this.#add(chunk);
    if (fresh.length > 0) this.#options.onWritten(fresh);
  }

  /**
   * Read what is in it.
   *
   * @param room as long as what is to be read
   * @returns less of it where somebody has cut the file off
   * @throws an error of the system
   */
  async read(room: Buffer, offset: number): Promise<Buffer> {
    const { bytesRead } = await (await this.#open()).read(room, 0, room.length, offset);
    return room.subarray(0, bytesRead);
  }

  /** All is in it: the file, for whoever moves it to where it belongs. Until {@link drop} it is known as it is. */
  async finish(): Promise<string> {
    await this.close();
    return this.where;
  }

  /** Let go of the file for now. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Nobody needs it any more; what was moved away stays. */
  async drop(): Promise<void> {
    const aside = freshName(dirname(this.#where));
    try {
      // Before anybody else begins one where it lies.
      if (this.#options.forget()) moveIfThere(this.#where, aside);
    } finally {
      await this.close();
    }
    await rm(aside, { force: true });
  }

  #add(chunk: WrittenChunk): void {
    this.#writtenBytes += chunk.size - (this.#chunks.get(chunk.offset)?.size ?? 0);
    this.#chunks.set(chunk.offset, chunk);
  }

  async #openWhereItIs(): Promise<FileHandle> {
    const where = this.#where;
    try {
      return await open(where, AGAIN);
    } catch (error) {
      // It may have been moved meanwhile.
      if (this.#where === where) throw error;
      return await this.#openWhereItIs();
    }
  }

  async #open(): Promise<FileHandle> {
    if (this.#file === undefined) {
      const file = await this.#openWhereItIs();
      // Somebody else may have opened it meanwhile.
      if (this.#file === undefined) this.#file = file;
      else await file.close();
    }
    return this.#file;
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
