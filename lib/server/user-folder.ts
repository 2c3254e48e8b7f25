import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import {
  access,
  type FileHandle,
  lstat,
  lutimes,
  mkdir,
  open,
  realpath,
  rename,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import { join, sep } from 'node:path';
import { codeOf } from '../base/coded-error.ts';
import { describeEntry, type Entry, entriesOf } from './entry.ts';
import { realPathOf } from './open-file.ts';
import { ServerError } from './server-error.ts';
import { lastPart, parentPath } from './virtual-path.ts';

// Without O_NOFOLLOW a link would lead out of the root; without O_NONBLOCK opening a FIFO would wait for its other end.
const CAREFULLY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/**
 * All that a user can reach: the home folder and what is below it, by paths of {@link resolvePath}.
 *
 * A link to a folder within the root may be walked through, one that leads out of it does not exist, and the last part
 * of a path is never followed. Every method refuses with a ServerError or an error of the system.
 */
export class UserFolder {
  readonly #root: string;
  readonly #prefix: string;

  private constructor(root: string) {
    this.#root = root;
    this.#prefix = root.endsWith(sep) ? root : root + sep;
  }

  /** @param home absolute path of a folder that exists */
  static async open(home: string): Promise<UserFolder> {
    const root = await realpath(home);
    if (!(await stat(root)).isDirectory()) throw new ServerError('E_NOT_FOLDER', 'The home is not a folder');
    return new UserFolder(root);
  }

  /** Make sure that a path leads to a folder. */
  async enter(path: string): Promise<void> {
    const real = await this.#realFolder(path);
    if (!(await stat(real)).isDirectory()) throw new ServerError('E_NOT_FOLDER', 'Not a folder');
    await access(real, constants.X_OK);
  }

  /** What is known of one entry, under its name. */
  async entry(path: string): Promise<Entry> {
    return describeEntry(lastPart(path), await this.#stats(path));
  }

  /** What is in a folder, some entries at a time, in no order. */
  async *entries(path: string): AsyncGenerator<readonly Entry[]> {
    yield* entriesOf(await this.#realFolder(path));
  }

  /** Open a regular file to be read. */
  async openToRead(path: string): Promise<FileHandle> {
    return this.#open(await this.#locate(path), constants.O_RDONLY);
  }

  /**
   * Open a regular file to be written, its content untouched.
   *
   * @returns `undefined` when there is none and {@link create} could make it
   */
  async openToWrite(path: string): Promise<FileHandle | undefined> {
    const real = await this.#locate(path);
    try {
      return await this.#open(real, constants.O_WRONLY);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await access(await this.#realFolder(parentPath(path)), constants.W_OK);
      return undefined;
    }
  }

  /** Open a regular file to be written, made where it is missing. */
  async create(path: string): Promise<FileHandle> {
    return this.#open(await this.#locate(path), constants.O_WRONLY | constants.O_CREAT);
  }

  async makeFolder(path: string): Promise<void> {
    await mkdir(await this.#locate(path), FOLDER_MODE);
  }

  async removeFolder(path: string): Promise<void> {
    await rmdir(await this.#locateBelowRoot(path));
  }

  /** Remove a file, or a link as such. */
  async removeFile(path: string): Promise<void> {
    await unlink(await this.#locateBelowRoot(path));
  }

  /** Give an entry another name, in place of a file of that name. */
  async rename(from: string, to: string): Promise<void> {
    await rename(await this.#locateBelowRoot(from), await this.#locateBelowRoot(to));
  }

  /**
   * Set the time of the last change.
   *
   * @throws ServerError E_ARGUMENT when the disk cannot hold it; the old time is then back, in whole milliseconds
   */
  async setTime(path: string, mtimeMs: number): Promise<void> {
    const before = await this.#stats(path);
    if (!before.isFile() && !before.isDirectory()) throw new ServerError('E_NOT_FILE', 'Not a regular file');
    const real = await this.#locate(path);
    const accessed = new Date(Number(before.atimeMs));
    // As Dates: a negative number, a time before 1970, Node would take for now.
    await lutimes(real, accessed, new Date(mtimeMs));
    if (describeEntry('', await this.#stats(path)).mtimeMs === mtimeMs) return;
    await lutimes(real, accessed, new Date(Number(before.mtimeMs)));
    throw new ServerError('E_ARGUMENT', 'The disk cannot hold this time');
  }

  async #stats(path: string): Promise<BigIntStats> {
    return lstat(await this.#locate(path), { bigint: true });
  }

  async #open(real: string, flags: number): Promise<FileHandle> {
    const file = await open(real, flags | CAREFULLY, FILE_MODE);
    try {
      if (!(await file.stat()).isFile()) throw new ServerError('E_NOT_FILE', 'Not a regular file');
      // A folder on the way may have become a link since it was looked at: only what is open counts.
      this.#mustBeInside(await realPathOf(file, real));
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #locateBelowRoot(path: string): Promise<string> {
    if (path === '/') throw new ServerError('E_PERMISSION', 'The root folder stays as it is');
    return this.#locate(path);
  }

  /** The path on this machine, its last part not followed. */
  async #locate(path: string): Promise<string> {
    return path === '/' ? this.#root : join(await this.#realFolder(parentPath(path)), lastPart(path));
  }

  async #realFolder(path: string): Promise<string> {
    if (path === '/') return this.#root;
    const real = await realpath(join(this.#root, path));
    this.#mustBeInside(real);
    return real;
  }

  #mustBeInside(real: string): void {
    if (real === this.#root || real.startsWith(this.#prefix)) return;
    // The same words as for an entry that is not there: what lies outside is nobody's business.
    throw new ServerError('E_MISSING', 'No such file or folder');
  }
}
