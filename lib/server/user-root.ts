import { type BigIntStats, closeSync, constants, existsSync, open, openSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { anyDisk, type Disk } from './disk/disk.ts';
import { DiskFile } from './disk/disk-file.ts';
import { realPathOf } from './open-file.ts';
import { ServerError } from './server-error.ts';
import { lastPart, parentPath } from './virtual-path.ts';

// Without O_NOFOLLOW a link would lead out of the root; without O_NONBLOCK opening a FIFO would wait for its other end.
const CAREFULLY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

// Node has no name for O_PATH of Linux: to hold a folder takes no right to read it.
const AS_A_PLACE = 0x20_0000 | (constants.O_DIRECTORY ?? 0);

const DESCRIPTORS = '/proc/self/fd';

const openByThread = promisify(open);

/** A regular file that is open. */
export interface OpenFile {
  readonly file: DiskFile;
  readonly stats: BigIntStats;
}

/** Where an entry is, or would be. To be let go of: see {@link at}. */
export class Place {
  /** The path on this machine, without links: the same for all who mean the same entry. */
  readonly real: string;
  /** Leads there, whatever becomes of the folders on the way meanwhile. */
  readonly path: string;
  #descriptor: number | undefined;

  constructor(real: string, path = real, descriptor?: number) {
    this.real = real;
    this.path = path;
    this.#descriptor = descriptor;
  }

  /** The place of an entry in this folder, in its stead. */
  entry(name: string): Place {
    const entry = new Place(join(this.real, name), `${this.path}/${name}`, this.#descriptor);
    this.#descriptor = undefined;
    return entry;
  }

  /** Releasing twice is harmless. */
  release(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** Do something at a place that is being found, and let go of it then. */
export async function at<Result>(finding: Promise<Place>, work: (place: Place) => Promise<Result>): Promise<Result> {
  const place = await finding;
  try {
    return await work(place);
  } finally {
    place.release();
  }
}

/**
 * The folder that nobody gets out of: finds what the paths of {@link resolvePath} lead to.
 *
 * A link to a folder within may be walked through, one that leads out of it does not exist, and the last part of a path is
 * never followed. On Linux a folder is held while something is done in it, so that nobody can put a link in its place
 * between the look and the deed. Every method refuses with a ServerError or an error of the system.
 */
export class UserRoot {
  /** The real path of the folder. */
  readonly path: string;
  readonly #prefix: string;
  readonly #disk: Disk;
  readonly #canHold: boolean;

  /**
   * @param path real path of a folder that is there
   * @param disk what it lies on
   * @param canHold can files be reached by way of a folder that is open?
   */
  constructor(path: string, disk: Disk = anyDisk, canHold = existsSync(DESCRIPTORS)) {
    this.path = path;
    this.#disk = disk;
    this.#prefix = path.endsWith(sep) ? path : path + sep;
    this.#canHold = canHold;
  }

  /** The place of an entry, which need not exist. The last part is not followed. */
  async locate(path: string): Promise<Place> {
    return path === '/' ? new Place(this.path) : (await this.folder(parentPath(path))).entry(lastPart(path));
  }

  /** The same for what is to be renamed or removed. */
  async locateBelow(path: string): Promise<Place> {
    if (path === '/') throw new ServerError('E_PERMISSION', 'The root folder stays as it is');
    return this.locate(path);
  }

  /** The place of a folder, all of the path followed. */
  async folder(path: string): Promise<Place> {
    if (path === '/') return new Place(this.path);
    const wanted = join(this.path, path);
    if (!this.#canHold) return new Place(this.#inside(await realpath(wanted)));
    const descriptor = await this.#descriptorOf(wanted, AS_A_PLACE);
    try {
      const real = this.#inside(await realPathOf(descriptor, wanted));
      return new Place(real, `${DESCRIPTORS}/${descriptor}`, descriptor);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /**
   * Open a regular file.
   *
   * @param mode permission bits of a file that is made
   */
  async open({ path }: Place, flags: number, mode?: number): Promise<OpenFile> {
    const descriptor = await this.#descriptorOf(path, flags | CAREFULLY, mode);
    const file = new DiskFile(descriptor, this.#disk);
    try {
      const stats = await file.stats();
      if (!stats.isFile()) throw new ServerError('E_NOT_FILE', 'Not a regular file');
      // A folder on the way may have become a link since it was looked at: only what is open counts.
      if (!this.#canHold) this.#inside(await realPathOf(descriptor, path));
      return { file, stats };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #descriptorOf(path: string, flags: number, mode?: number): number | Promise<number> {
    return this.#disk.ask(
      () => openSync(path, flags, mode),
      () => openByThread(path, flags, mode),
    );
  }

  #inside(real: string): string {
    if (real === this.path || real.startsWith(this.#prefix)) return real;
    // The same words as for an entry that is not there: what lies outside is nobody's business.
    throw new ServerError('E_MISSING', 'No such file or folder');
  }
}
