import {
  closeSync,
  constants,
  createReadStream,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writev,
  writevSync,
} from 'node:fs';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { ContentHash, type HashKind } from './content-hash.ts';
import type { ContentSink } from './reception.ts';

// Up to so much one synchronous write costs less than the thread pool's detour; above it, it would hold up the others.
const WRITE_AT_ONCE = 256 * 1024;
// Streams of Node's own 64 KiB cost half the speed.
const CHUNK = 1024 * 1024;

// Windows has neither; a link there needs rights that hardly anybody has.
const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * A local file while it is fetched: under a temporary name, until it takes the place of the one that is there.
 *
 * What was written stays under that name when it is not finished, for the next try to go on from, unless it is discarded.
 * Nothing is ever written through a link, or into a file that has another name as well.
 */
export class FileTarget implements ContentSink {
  readonly #final: string;
  readonly #temporary: string;
  #descriptor: number;
  #size: number;
  #hash: ContentHash | undefined;

  /**
   * @param final absolute local path
   * @param temporary the same, in the same folder
   * @throws TransferError E_TARGET when what is in its place is no file, or no file can be made there
   */
  constructor(final: string, temporary: string) {
    this.#final = final;
    this.#temporary = temporary;
    assertMayBeReplaced(final);
    this.#descriptor = this.#try(() => openPart(temporary) ?? openNew(temporary));
    this.#size = fstatSync(this.#descriptor).size;
  }

  /** How many bytes of it are there. */
  get size(): number {
    return this.#size;
  }

  /** Of all that is there, since {@link hashFrom} was called. */
  get hash(): ContentHash | undefined {
    return this.#hash;
  }

  /** Begin anew, in another file. */
  beginAnew(): void {
    const old = this.#descriptor;
    this.#descriptor = this.#try(() => openNew(this.#temporary));
    closeSync(old);
    this.#size = 0;
    this.#hash = undefined;
  }

  /** Forget what lies behind so many bytes. */
  stepBack(to: number): void {
    this.#try(() => ftruncateSync(this.#descriptor, to));
    this.#size = to;
  }

  /** Hash what is there, and all that comes. */
  async hashAll(kind: HashKind): Promise<ContentHash> {
    const hash = new ContentHash(kind);
    const stream =
      this.#size === 0
        ? []
        : createReadStream('', { fd: this.#descriptor, start: 0, autoClose: false, highWaterMark: CHUNK });
    try {
      for await (const chunk of stream) hash.update(chunk as Buffer);
    } catch (error) {
      throw targetError(this.#temporary, error);
    }
    this.#hash = hash;
    return hash;
  }

  /** @throws TransferError E_NO_ROOM, E_TARGET */
  write(pieces: readonly Buffer[]): Promise<void> | undefined {
    for (const piece of pieces) this.#hash?.update(piece);
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
    if (this.#size + bytes > WRITE_AT_ONCE) return this.#writeLarge(pieces);
    let left = pieces;
    while (left.length > 0) {
      const written = this.#try(() => writevSync(this.#descriptor, left, this.#size));
      left = this.#behind(left, written);
    }
    return undefined;
  }

  /**
   * Give it its time and its name.
   *
   * What takes the place of another file is on the disk before it does: a machine that loses its power has the old content
   * or the new one.
   *
   * @param mtimeMs milliseconds since 1970 (UTC); missing where it is not known
   * @throws TransferError E_TARGET, E_NO_ROOM; what was there before is then still there
   */
  finish(mtimeMs: number | undefined): void {
    this.#try(() => {
      if (mtimeMs !== undefined) futimesSync(this.#descriptor, mtimeMs / 1000, mtimeMs / 1000);
      if (assertMayBeReplaced(this.#final)) fdatasyncSync(this.#descriptor);
      renameSync(this.#temporary, this.#final);
    });
  }

  /** Remove what is there of it. */
  discard(): void {
    try {
      unlinkSync(this.#temporary);
    } catch {
      // Why it came to this is what is told.
    }
  }

  /** To be called once, after the last use. */
  close(): void {
    closeSync(this.#descriptor);
  }

  async #writeLarge(pieces: readonly Buffer[]): Promise<void> {
    let left = pieces;
    while (left.length > 0) {
      const written = await new Promise<number>((resolve, reject) => {
        writev(this.#descriptor, left, this.#size, (error, bytes) =>
          error ? reject(targetError(this.#temporary, error)) : resolve(bytes),
        );
      });
      left = this.#behind(left, written);
    }
  }

  #behind(pieces: readonly Buffer[], written: number): readonly Buffer[] {
    this.#size += written;
    let skip = written;
    const left: Buffer[] = [];
    for (const piece of pieces) {
      if (skip < piece.length) left.push(skip === 0 ? piece : piece.subarray(skip));
      skip = Math.max(0, skip - piece.length);
    }
    return left;
  }

  #try<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (error) {
      throw targetError(this.#final, error);
    }
  }
}

/** What an earlier try has left, if nobody else can have a hand in it; anything else of that name is removed. */
function openPart(path: string): number | undefined {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK opening a named pipe might wait for ever.
    descriptor = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
    if (isOurs(fstatSync(descriptor))) return descriptor;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
  }
  if (descriptor !== undefined) closeSync(descriptor);
  return undefined;
}

function isOurs(stats: Stats): boolean {
  return stats.isFile() && stats.nlink === 1 && stats.uid === (process.geteuid?.() ?? stats.uid);
}

function openNew(path: string): number {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
}

/**
 * Make sure that only a file is in the place of a file: to rename over a device or a link would take it away from whoever
 * uses it.
 *
 * @returns whether there is one
 * @throws TransferError E_TARGET
 */
function assertMayBeReplaced(path: string): boolean {
  const stats = statsOf(path);
  if (stats === undefined || stats.isFile()) return stats !== undefined;
  const what = stats.isDirectory()
    ? 'a folder'
    : stats.isSymbolicLink()
      ? 'a symbolic link'
      : 'neither file nor folder';
  throw new TransferError(
    'E_TARGET',
    `Cannot write ${path}: what is there is ${what}; remove it, or give another name`,
  );
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw targetError(path, error);
  }
}

function targetError(path: string, cause: unknown): TransferError {
  if (cause instanceof TransferError) return cause;
  const reason = codeOf(cause) ?? messageOf(cause);
  if (!hasNoRoom(cause)) return new TransferError('E_TARGET', `Cannot write ${path}: ${reason}`, { cause });
  const message = `No room for ${path} (${reason}); what has come is kept, and the next try goes on from it`;
  return new TransferError('E_NO_ROOM', message, { cause });
}
