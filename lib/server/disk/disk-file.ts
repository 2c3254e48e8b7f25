import * as system from 'node:fs';
import { promisify } from 'node:util';
import { ServerError } from '../server-error.ts';
import type { Disk } from './disk.ts';

// What lies further on is the business of large files, which come in pieces that are worth a thread's turn.
const AT_ONCE_BYTES = 64 * 1024;

const [closeByThread, truncateByThread] = [promisify(system.close), promisify(system.ftruncate)];
const [readByThread, writeByThread] = [promisify(system.read), promisify(system.write)];
const statByThread = promisify(system.fstat);
const IN_FULL = { bigint: true } as const;

/**
 * A file that is open.
 *
 * Its first bytes are read and written as the disk likes to be asked; the rest, and the close of a file that has more, is left
 * to threads: the system may have much to do by then.
 */
export class DiskFile {
  readonly #disk: Disk;
  #descriptor: number | undefined;
  /** What threads have not ended. */
  readonly #running = new Set<Promise<unknown>>();
  #isLarge = false;

  /** @param descriptor from now on this file's alone */
  constructor(descriptor: number, disk: Disk) {
    this.#descriptor = descriptor;
    this.#disk = disk;
  }

  /** What the system knows of it: from memory, but for a file of another machine, which may be asked. */
  async stats(): Promise<system.BigIntStats> {
    const descriptor = this.#open;
    return this.#disk.ask(
      () => system.fstatSync(descriptor, IN_FULL),
      () => this.#byThread(() => statByThread(descriptor, IN_FULL)),
    );
  }

  /** @returns how many bytes came: 0 at the end of the file only */
  async read(into: Buffer, position: number): Promise<number> {
    if (into.length === 0) return 0;
    const descriptor = this.#open;
    const byThread = async () => (await readByThread(descriptor, into, 0, into.length, position)).bytesRead;
    const atOnce = () => system.readSync(descriptor, into, 0, into.length, position);
    return this.#move(position + into.length, atOnce, byThread);
  }

  /** @returns how many bytes went, which may be fewer than there are */
  async write(bytes: Buffer, position: number): Promise<number> {
    const descriptor = this.#open;
    const byThread = async () => (await writeByThread(descriptor, bytes, 0, bytes.length, position)).bytesWritten;
    const atOnce = () => system.writeSync(descriptor, bytes, 0, bytes.length, position);
    return this.#move(position + bytes.length, atOnce, byThread);
  }

  /** Cut off what lies behind so many bytes. */
  async truncate(bytes: number): Promise<void> {
    const descriptor = this.#open;
    await this.#byThread(() => truncateByThread(descriptor, bytes));
  }

  /** Let go of it, behind all that is under way. Closing twice is harmless. */
  async close(): Promise<void> {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    // Once closed its number may be that of another file, and a thread would write into that.
    await Promise.allSettled(this.#running);
    const byThread = () => closeByThread(descriptor);
    await (this.#isLarge ? byThread() : this.#disk.ask(() => system.closeSync(descriptor), byThread));
  }

  get #open(): number {
    if (this.#descriptor === undefined) throw new ServerError('E_ABORTED', 'Transfer aborted');
    return this.#descriptor;
  }

  #move(end: number, atOnce: () => number, byThread: () => Promise<number>): number | Promise<number> {
    if (end <= AT_ONCE_BYTES) return this.#disk.ask(atOnce, () => this.#byThread(byThread));
    this.#isLarge = true;
    return this.#byThread(byThread);
  }

  async #byThread<Result>(work: () => Promise<Result>): Promise<Result> {
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}
