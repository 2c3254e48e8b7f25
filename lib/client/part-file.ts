import { closeSync, constants, fsyncSync, ftruncateSync, openSync, write } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { FileLock, LockError } from '../base/file-lock.ts';
import { showText } from '../base/show-text.ts';
import type { ContentSink } from '../far/reception.ts';
import { ClientError } from './client-error.ts';
import { isFolder, localError } from './local-folder.ts';
import { shownName } from './output.ts';

const writeAt = promisify(write);

/** What a file that is being fetched is called until it is whole: its name with this behind it. */
export const PART_SUFFIX = '.part';

/** What a part has beside it as long as somebody writes to it, by its name or path. */
export function lockOfPart(part: string): string {
  return `${part}.lock`;
}

/** The right to write to a part. */
export type PartLock = Pick<FileLock, 'release'>;

/**
 * Have a part for oneself: two who go on from the same one would leave a hole in it, and each cut off what the other wrote.
 *
 * Where no lock can be made, as on disks that know no links, it is done without one.
 *
 * @throws ClientError E_LOCAL_FILE when somebody else has it, or there is no folder for it
 */
export function lockPart(path: string): PartLock {
  const folder = dirname(path);
  if (!isFolder(folder)) throw new ClientError('E_LOCAL_FILE', `There is no local folder "${showText(folder)}"`);
  try {
    return FileLock.takeBriefly(lockOfPart(path));
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    if (error.code === 'E_LOCKED') throw new ClientError('E_LOCAL_FILE', shownName(error.message), { cause: error });
    return { release: () => undefined };
  }
}

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
