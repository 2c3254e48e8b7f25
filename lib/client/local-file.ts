import { constants, type FileHandle, open } from 'node:fs/promises';
import { ContentHash, type HashKind } from '../far/content-hash.ts';
import { ClientError } from './client-error.ts';
import { localError } from './local-folder.ts';
import { shownName } from './output.ts';

// Pieces of 64 KiB cost half the speed; with larger ones progress on a slow line would jump.
const PIECE_BYTES = 256 * 1024;

/** A local file that is open to be read: what is done with it is done with one and the same file. */
export class LocalFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly size: number;
  readonly mtimeMs: number;

  private constructor(path: string, file: FileHandle, size: number, mtimeMs: number) {
    this.path = path;
    this.#file = file;
    this.size = size;
    this.mtimeMs = mtimeMs;
  }

  /** @throws ClientError E_LOCAL_FILE, also for what is not a file */
  static async open(path: string): Promise<LocalFile> {
    try {
      // Else a pipe that nobody writes into would be waited for.
      const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const stats = await file.stat();
      if (stats.isFile()) return new LocalFile(path, file, stats.size, stats.mtimeMs);
      await file.close();
      if (stats.isDirectory()) {
        throw new ClientError('E_LOCAL_FILE', `${shownName(path)} is a folder: mirror -R sends all that is in it`);
      }
    } catch (error) {
      throw localError(`Cannot read ${shownName(path)}`, error);
    }
    throw new ClientError('E_LOCAL_FILE', `Cannot read ${shownName(path)}: it is not a file`);
  }

  /** Has it changed since it was opened? */
  async hasChanged(): Promise<boolean> {
    const { size, mtimeMs } = await this.#file.stat();
    return size !== this.size || mtimeMs !== this.mtimeMs;
  }

  /**
   * The hashes of its first bytes, one of each kind; all in one reading.
   *
   * @throws ClientError E_INTERRUPTED, E_LOCAL_FILE
   */
  async hashes(kinds: readonly HashKind[], length: number, signal: AbortSignal): Promise<readonly ContentHash[]> {
    const hashes = kinds.map((kind) => new ContentHash(kind));
    for await (const piece of this.#pieces(0, length)) {
      if (signal.aborted) throw new ClientError('E_INTERRUPTED', 'Interrupted');
      for (const hash of hashes) hash.update(piece);
    }
    return hashes;
  }

  /** Its content from a place on, up to the size it had when it was opened. */
  content(from: number): AsyncIterable<Buffer> {
    return this.#pieces(from, this.size);
  }

  /** Some bytes of it; fewer where it ends before. @throws ClientError E_LOCAL_FILE */
  async bytes(from: number, length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.#pieces(from, Math.min(from + length, this.size))) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async *#pieces(from: number, to: number): AsyncGenerator<Buffer> {
    for (let at = from; at < to; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, to - at));
      const { bytesRead } = await this.#file.read(piece, 0, piece.length, at).catch((error: unknown) => {
        throw localError(`Cannot read ${shownName(this.path)}`, error);
      });
      if (bytesRead === 0)
        throw new ClientError('E_LOCAL_FILE', `${shownName(this.path)} has become shorter meanwhile`);
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  }
}
