import { closeSync, constants, fsyncSync, ftruncateSync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';
import type { ContentSink } from '../far/reception.ts';
import { localError } from './local-folder.ts';
import { shownName } from './output.ts';

const writeAt = promisify(write);

/** The file that takes what is fetched until it is whole. */
export class PartFile implements ContentSink {
  readonly #path: string;
  readonly #descriptor: number;
  #at: number;

  private constructor(path: string, descriptor: number, at: number) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#at = at;
  }

  /**
   * Open it, and go on behind so many bytes of it.
   *
   * A symbolic link in its place is not followed: nobody else decides where it is written to.
   *
   * @throws ClientError E_LOCAL_FILE
   */
  static open(path: string, at: number): PartFile {
    try {
      const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o666);
      ftruncateSync(descriptor, at);
      return new PartFile(path, descriptor, at);
    } catch (error) {
      throw localError(`Cannot write ${shownName(path)}`, error);
    }
  }

  async write(pieces: readonly Buffer[]): Promise<void> {
    const all = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
    try {
      for (let done = 0; done < all.length; ) {
        const { bytesWritten } = await writeAt(this.#descriptor, all, done, all.length - done, this.#at);
        done += bytesWritten;
        this.#at += bytesWritten;
      }
    } catch (error) {
      throw localError(`Cannot write ${shownName(this.#path)}`, error);
    }
  }

  /** Bring it onto the disk: what takes the place of another file must not be lost with it. @throws ClientError E_LOCAL_FILE */
  sync(): void {
    try {
      fsyncSync(this.#descriptor);
    } catch (error) {
      throw localError(`Cannot write ${shownName(this.#path)}`, error);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
