import { fileKey } from '../../accounts/count-files.ts';
import { hasNoRoom } from '../../base/no-room.ts';
import type { DiskFile } from '../disk/disk-file.ts';
import { ServerError } from '../server-error.ts';
import { unlessAborted } from '../unless-aborted.ts';
import type { OpenFile } from '../user-root.ts';
import type { HeldLocks } from './file-locks.ts';
import type { Occupied, Space } from './space.ts';

/** What a {@link FileWriter} needs to know of its file. */
export interface FileWriterOptions {
  readonly space: Space;
  /** Asked before each write. Throws where nothing may be written any more. */
  readonly quotaBytes: () => number | undefined;
  /** That of the name is held; given back at the end. */
  readonly locks: HeldLocks;
  /** Makes the file, and opens it. */
  readonly create: () => Promise<OpenFile>;
  /** Asked for where somebody waits for a count of what the quota is used for: ends that, with E_ABORTED. */
  readonly signal: () => AbortSignal | undefined;
}

/**
 * One file that is being written, by nobody else. What is to be written is set aside from the quota first, and what was not
 * written in the end is given back: what the files hold and what is counted stay the same.
 */
export class FileWriter {
  readonly #options: FileWriterOptions;
  #file: DiskFile | undefined;
  #occupied: Occupied | undefined;
  #size = 0;
  /** Where the next byte goes. */
  #position = 0;
  #writing: Promise<void> | undefined;

  constructor(options: FileWriterOptions) {
    this.#options = options;
  }

  /** What the file holds, in bytes; 0 where there is none yet. */
  get size(): number {
    return this.#size;
  }

  /** The file itself, under whatever name it is reached; `undefined` where there is none yet. */
  get key(): string | undefined {
    return this.#occupied?.key;
  }

  /** Take over a file that is there already, its content untouched. It is closed with this writer, even when it is refused. */
  async takeOver(open: OpenFile): Promise<void> {
    await this.#take(open);
  }

  /**
   * Is there room for anything at all behind `start`?
   *
   * @throws ServerError E_QUOTA
   */
  async mustHaveRoom(start: number): Promise<void> {
    const { space, quotaBytes, signal } = this.#options;
    const quota = quotaBytes();
    if (quota === undefined) return;
    const least = start + 1 - this.#size;
    if (!space.knowsWhether(least, quota)) await space.usedBytes(signal());
    if (!space.fits(least, quota)) throw overQuota();
  }

  /** Make the file where it is missing, and cut off what lies behind `start`: from there on it is written. */
  async begin(start: number): Promise<void> {
    await this.beginWithin(start);
    if (this.#size === start || this.#occupied === undefined) return;
    await this.#file?.truncate(start);
    this.#size = start;
    this.#options.space.resize(this.#occupied, start);
  }

  /** The same, but what lies behind `start` stays as it is until it is written over. */
  async beginWithin(start: number): Promise<void> {
    if (this.#file === undefined) await this.#take(await this.#options.create());
    this.#position = start;
  }

  /**
   * Write behind what was written before. What there is room for is written also when not all of it can be.
   *
   * @throws ServerError E_QUOTA; an error of the system
   */
  async write(chunk: Buffer): Promise<void> {
    const { space, quotaBytes, signal } = this.#options;
    const quota = quotaBytes();
    const beyond = Math.max(0, this.#position + chunk.length - this.#size);
    // Given to the account while it was writing already, or perhaps less is used than is known.
    if (quota !== undefined && !space.knowsWhether(beyond, quota)) await space.usedBytes(signal());
    const file = this.#file;
    const occupied = this.#occupied;
    if (file === undefined || occupied === undefined) throw new ServerError('E_ABORTED', 'Transfer aborted');
    const missing = beyond - space.grow(occupied, beyond, quota);
    this.#writing = this.#put(file, chunk.subarray(0, chunk.length - missing));
    await this.#writing;
    if (missing > 0) throw overQuota();
  }

  /** Let go of the file, as long as it is by then. A write that is under way is waited for. Closing twice is harmless. */
  async close(): Promise<void> {
    const occupied = this.#occupied;
    // Whoever still wants to write is refused from now on.
    this.#occupied = undefined;
    await this.#writing?.catch(() => undefined);
    if (occupied !== undefined) await this.#settle(occupied);
    this.#options.locks.release();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #take({ file, stats }: OpenFile): Promise<void> {
    this.#file = file;
    const { space, locks, signal } = this.#options;
    const key = fileKey(stats);
    await locks.take(key);
    // It may have been removed, or another one have got its name, before the lock was there.
    const { nlink, size } = await file.stats();
    if (nlink === 0n) {
      throw new ServerError('E_BUSY', 'The file was removed just now, try again', { retry: true });
    }
    for (let counted = space.counted; counted !== undefined; counted = space.counted) {
      await unlessAborted(counted, signal());
    }
    this.#size = Number(size);
    this.#occupied = space.occupy(key, this.#size);
  }

  async #put(file: DiskFile, bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const written = await file.write(bytes.subarray(done), this.#position);
        done += written;
        this.#position += written;
        this.#size = Math.max(this.#size, this.#position);
      }
    } catch (error) {
      // The client goes on at what SIZE says: there must be nothing behind what is known to be written.
      if (hasNoRoom(error)) await file.truncate(this.#size).catch(() => undefined);
      throw error;
    }
  }

  async #settle(occupied: Occupied): Promise<void> {
    const { space } = this.#options;
    // Where nobody counts nobody has to know.
    space.settle(occupied, space.isCounted ? await this.#finalSize() : this.#size);
  }

  /** What it holds in truth: a write that failed may have left more behind, and a file without a name holds nothing. */
  async #finalSize(): Promise<number> {
    if (this.#file === undefined) return this.#size;
    try {
      const { nlink, size } = await this.#file.stats();
      return nlink === 0n ? 0 : Number(size);
    } catch {
      return this.#size;
    }
  }
}

function overQuota(): ServerError {
  return new ServerError('E_QUOTA', 'No more fits into the quota of this account');
}
