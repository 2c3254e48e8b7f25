import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { crc32 } from 'node:zlib';
import { type Clock, systemClock } from '../base/clock.ts';
import type { ByteRange } from '../ftp/byte-range.ts';
import type { HashName } from '../ftp/hash-names.ts';
import type { DiskFile } from './disk/disk-file.ts';
import { ServerError } from './server-error.ts';

/** What has been hashed. */
export interface FileHash {
  /** In small letters, hexadecimal. */
  readonly digest: string;
  /** The first byte. */
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

/** A hash that is being made. */
interface Hashing {
  update(bytes: Buffer): unknown;
  digest(): string;
}

// Larger pieces are not faster; between two of them others get their turn, and an ABOR is heard.
const PIECE_BYTES = 256 * 1024;
// Some 200 bytes each.
const MOST_REMEMBERED = 2_000;
// File systems tell times by the tick of the kernel: two changes within one look like a single one.
const TICK_MS = 1_000;

/**
 * Hashes of files, remembered as long as the file is the same: for the server's memory by device, inode, size, time of
 * the last change and of the last change of its facts (which nobody can set).
 */
export class FileHashes {
  readonly #mostBytes: () => number;
  readonly #clock: Clock;
  readonly #known = new Map<string, string>();

  /**
   * @param mostBytes so many may be hashed at a time, by now; no limit unless told
   * @param clock the one that the disk's times are compared with
   */
  constructor(mostBytes: () => number = () => Number.POSITIVE_INFINITY, clock: Clock = systemClock) {
    this.#mostBytes = mostBytes;
    this.#clock = clock;
  }

  /**
   * The hash of some bytes of an open file.
   *
   * @param range its end may lie behind that of the file; what was hashed is told
   * @throws ServerError E_OFFSET when the start lies behind the end, E_TOO_LARGE, E_BUSY when the file changes
   *   meanwhile, E_ABORTED
   */
  async of(file: DiskFile, name: HashName, range: ByteRange, signal: AbortSignal): Promise<FileHash> {
    const before = await file.stats();
    const size = Number(before.size);
    const { start } = range;
    if (start > size) throw new ServerError('E_OFFSET', `The file has ${size} bytes only`);
    const end = Math.min(range.end ?? size, size);
    if (end - start > this.#mostBytes()) throw new ServerError('E_TOO_LARGE', 'So many bytes are not hashed here');
    const key = [name, start, end, identityOf(before)].join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return { digest: known, start, end };
    const isSettled = this.#clock.now() - Number(before.ctimeMs) > TICK_MS;
    const digest = await digestOf(file, hashing(name), { start, end }, signal);
    if (identityOf(await file.stats()) !== identityOf(before)) {
      throw new ServerError('E_BUSY', 'The file is being changed, try again later', { retry: true });
    }
    if (isSettled) this.#remember(key, digest);
    return { digest, start, end };
  }

  #remember(key: string, digest: string): void {
    this.#known.set(key, digest);
    // A Map keeps the order of its keys: the first is the oldest.
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_REMEMBERED) return;
      this.#known.delete(oldest);
    }
  }
}

function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

async function digestOf(
  file: DiskFile,
  hash: Hashing,
  { start, end }: { readonly start: number; readonly end: number },
  signal: AbortSignal,
): Promise<string> {
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(PIECE_BYTES, end - start)));
  for (let position = start; position < end; ) {
    if (signal.aborted) throw new ServerError('E_ABORTED', 'Hashing aborted');
    const bytesRead = await file.read(buffer.subarray(0, end - position), position);
    // Shorter by now: who asked is told so, by the comparison of before and after.
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash.digest();
}

function hashing(name: HashName): Hashing {
  if (name === 'CRC32') return sum32();
  const hash = createHash(name.replace('-', ''));
  return { update: (bytes) => hash.update(bytes), digest: () => hash.digest('hex') };
}

function sum32(): Hashing {
  let sum = 0;
  return {
    update: (bytes) => {
      sum = crc32(bytes, sum);
    },
    digest: () => sum.toString(16).padStart(8, '0'),
  };
}
