import {
  type BigIntStats,
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  open as openFile,
  openSync,
  read,
  readSync,
  statSync,
} from 'node:fs';
import { Readable } from 'node:stream';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { mtimeOf } from '../files/file.ts';
import { TransferError } from '../transfer/transfer-error.ts';

// Up to this size one synchronous read costs less than the thread pool's detour; above it, it would hold up the others.
export const READ_WHOLE = 256 * 1024;
// Streams of Node's own 64 KiB cost half the speed.
const CHUNK = 1024 * 1024;

const IDENTITY = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const;

type ReadArguments = [
  descriptor: number,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number | null,
  done: (error: NodeJS.ErrnoException | null, bytes: number, buffer: Buffer) => void,
];

/** A local file while it is sent: it notices when the file changes under it. */
export class FileSource {
  /** Size in bytes when it was opened. */
  readonly size: number;
  /** Time of the last change when it was opened, whole milliseconds since 1970 (UTC). */
  readonly mtimeMs: number;
  readonly #path: string;
  readonly #descriptor: number;
  readonly #begun: BigIntStats;
  #failure: TransferError | undefined;

  /**
   * @throws TransferError E_CHANGED when the file is gone or is no file any more, E_SOURCE when it cannot be read
   */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = open(path);
    this.#begun = fstatSync(this.#descriptor, { bigint: true });
    if (!this.#begun.isFile()) {
      this.close();
      throw new TransferError('E_CHANGED', `${path} is no file any more; the next cycle looks at it again`);
    }
    this.size = Number(this.#begun.size);
    this.mtimeMs = mtimeOf(fstatSync(this.#descriptor));
  }

  /** What tells it from any other file, and from itself with another content, whatever their sizes and times. */
  get identity(): string {
    return IDENTITY.map((key) => this.#begun[key]).join(' ');
  }

  /** Why it could not be read to its end, once that is so: E_SOURCE. */
  get failure(): TransferError | undefined {
    return this.#failure;
  }

  /**
   * All of it, read at one go.
   *
   * @throws TransferError E_CHANGED when it changed meanwhile, E_SOURCE when it cannot be read
   */
  content(): Buffer {
    const content = this.#readWhole(0, this.size);
    this.assertUnchanged();
    return content;
  }

  /**
   * Its content, or a part of it: as many bytes as it had when it was opened, or fewer when it shrinks.
   *
   * @param from the first byte
   * @param to behind the last byte
   */
  stream(from = 0, to = this.size): Readable {
    if (to - from <= READ_WHOLE) return Readable.from(to === from ? [] : [this.#readWhole(from, to)]);
    return createReadStream(this.#path, {
      fd: this.#descriptor,
      start: from,
      end: to - 1,
      highWaterMark: CHUNK,
      // Whoever destroys the stream would close the descriptor all the same, and we the one that got its number since.
      autoClose: false,
      fs: {
        open: openFile,
        read: (...[descriptor, buffer, offset, length, position, done]: ReadArguments) =>
          read(descriptor, buffer, offset, length, position, (error, bytes) => {
            // Seen here, since the stream also fails with whatever befalls the socket that it goes to.
            if (error) this.#failure = sourceError(this.#path, error);
            done(error, bytes, buffer);
          }),
        close: (_descriptor: number, done: () => void) => done(),
      },
    });
  }

  /**
   * Make sure that what was sent is what the file holds now.
   *
   * Its times are compared to the nanosecond, and the one that nobody can set back (ctime) is among them; a file that
   * took its place has another number.
   *
   * @throws TransferError E_CHANGED when it is not what it was, E_SOURCE when reading it failed
   */
  assertUnchanged(): void {
    if (this.#failure) throw this.#failure;
    // With the same number it is the very file that is open, so that one look tells of both.
    const there = statsOf(this.#path);
    if (IDENTITY.every((key) => there?.[key] === this.#begun[key])) return;
    throw new TransferError('E_CHANGED', `${this.#path} changed while it was sent; the next cycle sends it again`);
  }

  /** To be called once, after the last use. */
  close(): void {
    closeSync(this.#descriptor);
  }

  #readWhole(from: number, to: number): Buffer {
    const content = Buffer.allocUnsafe(to - from);
    let filled = 0;
    while (filled < content.length) {
      const read = this.#read(content, filled, from + filled);
      if (read === 0) break;
      filled += read;
    }
    return content.subarray(0, filled);
  }

  #read(content: Buffer, filled: number, position: number): number {
    try {
      return readSync(this.#descriptor, content, filled, content.length - filled, position);
    } catch (error) {
      throw sourceError(this.#path, error);
    }
  }
}

/** What is at a path now; whatever hinders a look at it means that it is not the file that was opened. */
function statsOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function open(path: string): number {
  try {
    // Without O_NONBLOCK (Windows has none) opening a named pipe put in the file's place would wait for ever.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = codeOf(error);
    // ENOTDIR: a folder on the way became a file.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw sourceError(path, error);
    throw new TransferError('E_CHANGED', `${path} was removed before it was sent; the next cycle looks again`);
  }
}

function sourceError(path: string, cause: unknown): TransferError {
  return new TransferError('E_SOURCE', `Cannot read ${path}: ${codeOf(cause) ?? messageOf(cause)}`, { cause });
}
