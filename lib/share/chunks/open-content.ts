import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import { readProblem } from '../../base/read-problem.ts';
import { TO_READ } from '../disk/read-flags.ts';
import { stampOf } from '../disk/stamp.ts';
import { wireLimits } from '../wire/limits.ts';
import { Chunker } from './chunker.ts';
import { ReadError } from './read-error.ts';
import type { ReadContent } from './reading-jobs.ts';

// A file that is written to for ever is given up early, and not at its end.
const CHECKED_BYTES = 64 * 1024 * 1024;

// With these the system says that too much is open now.
const PASSING = ['EMFILE', 'ENFILE', 'ENOMEM'];

const NS_PER_MS = 1_000_000n;

/**
 * A file that is being read from its beginning to its end, a piece at a time. Links are followed.
 *
 * It reads without waiting its turn in Node's pool of threads, and belongs in a thread of its own.
 */
export class OpenContent {
  readonly #path: string;
  readonly #beganMs: number;
  readonly #link: BigIntStats | undefined;
  readonly #file: number;
  readonly #before: BigIntStats;
  readonly #size: number;
  readonly #chunker: Chunker;
  #checkAt = CHECKED_BYTES;

  /**
   * @param now milliseconds since 1970
   * @throws ReadError E_UNREADABLE, E_VANISHED
   */
  constructor(path: string, now: number) {
    this.#path = path;
    this.#beganMs = now;
    const { file, link } = this.#open();
    this.#file = file;
    this.#link = link;
    try {
      this.#before = fstatSync(file, { bigint: true });
      if (!this.#before.isFile()) throw new ReadError('E_UNREADABLE', `${path} cannot be read: it is no file`);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    this.#size = Number(this.#before.size);
    this.#chunker = new Chunker(this.#size);
  }

  /** Bytes that were not read yet. */
  get rest(): number {
    return this.#size - this.#chunker.size;
  }

  /**
   * Read the next piece.
   *
   * @param buffer where to; it may be used for something else afterwards
   * @returns bytes
   * @throws ReadError E_CHANGED, E_UNREADABLE
   */
  readOn(buffer: Uint8Array): number {
    const bytes = this.#attempt(() => readSync(this.#file, buffer, 0, Math.min(buffer.length, this.rest), null));
    // It has become shorter.
    if (bytes === 0) throw this.#changed();
    this.#chunker.write(buffer.subarray(0, bytes));
    if (this.#chunker.hasTooMany) throw this.#tooLarge();
    if (this.#chunker.size >= this.#checkAt) {
      this.#checkAt += CHECKED_BYTES;
      this.#assertUnchanged();
    }
    return bytes;
  }

  /** The packed list of the chunks that were found since it was last asked for. */
  news(): Uint8Array {
    return this.#chunker.news();
  }

  /**
   * All was read: what is it?
   *
   * @throws ReadError E_CHANGED
   */
  end(): ReadContent {
    this.#assertUnchanged();
    const { mtimeNs, mode } = this.#before;
    return {
      content: {
        type: 'file',
        ...this.#chunker.end(),
        mtimeMs: wholeMs(mtimeNs),
        isExecutable: (Number(mode) & constants.S_IXUSR) !== 0,
      },
      stamp: stampOf(this.#before, { beganMs: this.#beganMs, link: this.#link }),
    };
  }

  /** Let go of the file. */
  close(): void {
    closeSync(this.#file);
  }

  #open(): { readonly file: number; readonly link?: BigIntStats } {
    try {
      return { file: openSync(this.#path, TO_READ | constants.O_NOFOLLOW) };
    } catch (error) {
      if (codeOf(error) !== 'ELOOP') throw this.#failure(error);
    }
    // Looked at before it is followed: one that is replaced now has another stamp when it is looked at again.
    return this.#attempt(() => {
      const link = lstatSync(this.#path, { bigint: true });
      return { link, file: openSync(this.#path, TO_READ) };
    });
  }

  #assertUnchanged(): void {
    const { size, mtimeNs, ctimeNs } = this.#attempt(() => fstatSync(this.#file, { bigint: true }));
    const before = this.#before;
    if (size !== before.size || mtimeNs !== before.mtimeNs || ctimeNs !== before.ctimeNs) throw this.#changed();
  }

  #attempt<Result>(act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #changed(): ReadError {
    return new ReadError('E_CHANGED', `${this.#path} was changed while it was read`, { retry: true });
  }

  #tooLarge(): ReadError {
    const most = wireLimits.chunks.toLocaleString('en');
    return new ReadError('E_UNREADABLE', `${this.#path} is too large to be shared: it has more than ${most} chunks`);
  }

  #failure(cause: unknown): ReadError {
    const code = codeOf(cause) ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return new ReadError('E_VANISHED', `${this.#path} is not there any more`, { cause });
    }
    const retry = PASSING.includes(code);
    return new ReadError('E_UNREADABLE', `${this.#path} cannot be read: ${readProblem(cause)}`, { cause, retry });
  }
}

/** Rounded down, also before 1970. Some disks keep times that are no date, and peers would not hear of them. */
function wholeMs(ns: bigint): number {
  const ms = Number((ns - (((ns % NS_PER_MS) + NS_PER_MS) % NS_PER_MS)) / NS_PER_MS);
  return Math.min(Math.max(ms, -wireLimits.timeMs), wireLimits.timeMs);
}
