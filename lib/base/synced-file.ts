import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, statSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Clock } from './clock.ts';

// What remains of the 200 ms that a record may be late is for a busy machine, and for the disk itself.
const SYNC_AFTER_MS = 50;

// No file ever has this descriptor: whoever writes to it is refused.
const CLOSED = -1;

const dataOnDisk = promisify(fdatasync);

/**
 * A file that is only added to. Each text is written at once, so that the death of this process loses none; and is on the
 * disk at most 200 ms later, so that a power failure loses little. One sync serves all that was written in between, and
 * nobody waits for it.
 *
 * A sync that fails says that what was written is lost, and asking again would not tell (Linux forgets the pages): from
 * then on everything is refused with that failure.
 */
export class SyncedFile {
  #descriptor: number;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  /** Bytes of whole texts in the file. */
  #size: number;
  /** A write failed: behind the whole texts there may be a part of another. */
  #isTorn = false;
  #isOnDisk = true;
  /** Is there somebody who waits to sync what is not on the disk? */
  #isWatched = false;
  /** A sync that has begun. */
  #underWay: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param descriptor of a file that is open to append, and that is this one's to close from now on
   * @param size bytes that are in it
   */
  constructor(descriptor: number, size: number, clock: Clock) {
    this.#descriptor = descriptor;
    this.#size = size;
    this.#clock = clock;
  }

  /** @throws an error of the system: then nothing counts as written */
  append(text: string): void {
    this.#throwFailure();
    if (this.#isTorn) this.cutTo(this.#size);
    this.#isTorn = true;
    this.#size += writeWhole(this.#descriptor, text);
    this.#isTorn = false;
    this.#isOnDisk = false;
    if (!this.#isWatched) void this.#syncSoon();
  }

  /** Take away what lies behind so many bytes. */
  cutTo(bytes: number): void {
    ftruncateSync(this.#descriptor, bytes);
    this.#size = bytes;
    this.#isTorn = false;
    this.#isOnDisk = false;
  }

  /** Fulfilled when all that was written by now is on the disk. */
  async sync(): Promise<void> {
    while (this.#underWay !== undefined || !this.#isOnDisk) await this.#sync();
    this.#throwFailure();
  }

  /** The same for those who must not go on before, the file's length included. */
  syncNow(): void {
    this.#throwFailure();
    if (this.#isOnDisk && this.#underWay === undefined) return;
    this.#isOnDisk = true;
    try {
      fsyncSync(this.#descriptor);
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Is it what lies at a path? Also where nobody can tell: who writes next finds out whether that is possible. */
  isAt(path: string): boolean {
    try {
      const there = statSync(path, { bigint: true, throwIfNoEntry: false });
      const { dev, ino } = fstatSync(this.#descriptor, { bigint: true });
      return there?.dev === dev && there.ino === ino;
    } catch {
      return true;
    }
  }

  /** What is not on the disk yet is left to the system. Closing twice is harmless. */
  close(): void {
    if (this.#descriptor === CLOSED) return;
    const descriptor = this.#descriptor;
    this.#descriptor = CLOSED;
    this.#closing.abort();
    // Another file may get the number as soon as it is free: a sync under way must not meet that one.
    if (this.#underWay !== undefined) void this.#underWay.then(() => closeSync(descriptor));
    else closeSync(descriptor);
  }

  async #syncSoon(): Promise<void> {
    this.#isWatched = true;
    const { signal } = this.#closing;
    while (!this.#isOnDisk && !this.#failure && !signal.aborted) {
      await this.#clock.wait(SYNC_AFTER_MS, signal);
      if (!this.#isOnDisk && !signal.aborted) await this.#sync();
    }
    this.#isWatched = false;
  }

  /** The sync under way, or else one that begins now. Never refused: a failure is told to whoever writes next. */
  #sync(): Promise<void> {
    if (this.#underWay !== undefined) return this.#underWay;
    // What is written from here on may or may not be on the disk with it.
    this.#isOnDisk = true;
    this.#underWay = dataOnDisk(this.#descriptor)
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.#underWay = undefined;
      });
    return this.#underWay;
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

/**
 * A write may be cut short, by a signal or a nearly full disk, without an error.
 *
 * @returns bytes written
 */
export function writeWhole(descriptor: number, text: string): number {
  const length = Buffer.byteLength(text);
  // As a text: a buffer for each record would be work for the collector of garbage.
  const written = writeSync(descriptor, text);
  if (written < length) {
    const bytes = Buffer.from(text);
    for (let at = written; at < length; ) at += writeSync(descriptor, bytes, at);
  }
  return length;
}
