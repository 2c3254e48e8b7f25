import { accessSync, type BigIntStats, constants, lstatSync } from 'node:fs';
import { access, lstat, lutimes, mkdir, realpath, rename, rmdir, stat, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Account } from '../accounts/account.ts';
import { fileKey } from '../accounts/count-files.ts';
import { codeOf } from '../base/coded-error.ts';
import { anyDisk, type Disk } from './disk/disk.ts';
import type { DiskFile } from './disk/disk-file.ts';
import { isOnLocalDisk } from './disk/local-disk.ts';
import { describeEntry, type Entry, entriesOf } from './entry.ts';
import { type Allowance, allowanceOf } from './quota/allowance.ts';
import type { HeldLocks, LockHolder } from './quota/file-locks.ts';
import { FileWriter } from './quota/file-writer.ts';
import type { Space } from './quota/space.ts';
import type { Spaces } from './quota/spaces.ts';
import { ServerError } from './server-error.ts';
import { setMode } from './set-mode.ts';
import { at, type OpenFile, type Place, UserRoot } from './user-root.ts';
import { lastPart } from './virtual-path.ts';

const DEFAULT_UMASK = 0o022;

/** What a {@link UserFolder} needs from around it. */
export interface UserFolderSurroundings {
  readonly spaces: Spaces;
  /** The quota as it is now, in bytes; throws a ServerError where nothing may be written any more. */
  readonly quotaBytes: () => number | undefined;
  /** For whom files are written: told to others who want the same ones. */
  readonly client?: LockHolder;
  /** For folders that lie on disks of this machine. */
  readonly localDisk?: Disk;
}

interface UserFolderParts {
  readonly root: UserRoot;
  readonly disk: Disk;
  readonly space: Space;
  readonly quotaBytes: () => number | undefined;
  readonly umask: number;
  readonly client: LockHolder | undefined;
}

/**
 * Works with entries whose names nobody else has. A lock keeps others from the file of that name as well, and tells what is
 * known of it.
 */
type WorkAlone = (lock: (place: Place) => Promise<BigIntStats | undefined>) => Promise<void>;

/**
 * All that a user can reach: the home folder and what is below it, by paths of {@link resolvePath}. Whatever changes how
 * much lies there is counted.
 *
 * Every method refuses with a ServerError or an error of the system.
 */
export class UserFolder {
  readonly #root: UserRoot;
  readonly #disk: Disk;
  readonly #space: Space;
  readonly #quotaBytes: () => number | undefined;
  readonly #umask: number;
  readonly #client: LockHolder | undefined;

  private constructor({ root, disk, space, quotaBytes, umask, client }: UserFolderParts) {
    this.#root = root;
    this.#disk = disk;
    this.#space = space;
    this.#quotaBytes = quotaBytes;
    this.#umask = umask;
    this.#client = client;
  }

  /** The home of an account, which must be there unless the account says that it is made. */
  static async open(account: Account, surroundings: UserFolderSurroundings): Promise<UserFolder> {
    const { spaces, quotaBytes, client, localDisk = anyDisk } = surroundings;
    const { home, umask = DEFAULT_UMASK, makesHome = false } = account;
    if (makesHome) await makeHome(home, umask);
    const root = await realpath(home);
    if (!(await stat(root)).isDirectory()) throw new ServerError('E_NOT_FOLDER', 'The home is not a folder');
    const space = await spaces.of(account);
    // Counted ahead: the first upload would wait for it. A failure is told to whoever needs the number.
    if (account.quotaBytes !== undefined) space.usedBytes().catch(() => undefined);
    const disk = (await isOnLocalDisk(root)) ? localDisk : anyDisk;
    return new UserFolder({ root: new UserRoot(root, disk), disk, space, quotaBytes, umask, client });
  }

  /** What the files in it take, and may; counted now where they were not yet. */
  async allowance(): Promise<Allowance> {
    return allowanceOf(await this.#space.usedBytes(this.#client?.signal()), this.#quotaBytes());
  }

  /** What is left of the quota, in bytes; `undefined` without one, and then nothing is counted for it. */
  async leftBytes(): Promise<number | undefined> {
    return this.#quotaBytes() === undefined ? undefined : (await this.allowance()).leftBytes;
  }

  /** What the disk has room for, in bytes, whatever the quota is. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root.path);
    return bavail * bsize;
  }

  /** Make sure that a path leads to a folder. */
  async enter(path: string): Promise<void> {
    await at(this.#root.folder(path), async (folder) => {
      if (!(await stat(folder.path)).isDirectory()) throw new ServerError('E_NOT_FOLDER', 'Not a folder');
      await access(folder.path, constants.X_OK);
    });
  }

  /** What is known of one entry, under its name. */
  async entry(path: string): Promise<Entry> {
    return describeEntry(lastPart(path), await at(this.#root.locate(path), statsAt));
  }

  /** What is in a folder, some entries at a time, in no order. */
  async *entries(path: string): AsyncGenerator<readonly Entry[]> {
    const folder = await this.#root.folder(path);
    try {
      yield* entriesOf(folder.path);
    } finally {
      folder.release();
    }
  }

  /** Open a regular file to be read. */
  async openToRead(path: string): Promise<DiskFile> {
    return (await at(this.#root.locate(path), (place) => this.#root.open(place, constants.O_RDONLY))).file;
  }

  /**
   * Open a regular file to be written by nobody else. Its content is untouched, and where there is no file none is made,
   * until the writing begins. It is the caller's to close.
   */
  async openToWrite(path: string): Promise<FileWriter> {
    return at(this.#root.locate(path), async (place) => {
      const locks = this.#space.locks.hold(this.#client);
      await locks.take(place.real);
      const writer = new FileWriter({
        space: this.#space,
        quotaBytes: this.#quotaBytes,
        locks,
        create: () => this.#create(path),
        signal: () => this.#client?.signal(),
      });
      try {
        const existing = await this.#openExisting(place);
        if (existing === undefined) await this.#mustBeWritable(dirname(place.path));
        else await writer.takeOver(existing);
        return writer;
      } catch (error) {
        await writer.close();
        throw error;
      }
    });
  }

  async makeFolder(path: string): Promise<void> {
    await at(this.#root.locate(path), (place) => mkdir(place.path, 0o777 & ~this.#umask));
  }

  async removeFolder(path: string): Promise<void> {
    await at(this.#root.locateBelow(path), (place) => rmdir(place.path));
  }

  /** Remove a file that nobody writes, or a link as such. */
  async removeFile(path: string): Promise<void> {
    await at(this.#root.locateBelow(path), (place) =>
      this.#alone([place], async (lock) => {
        const file = await lock(place);
        await unlink(place.path);
        this.#space.lost(file);
      }),
    );
  }

  /** Give an entry another name, in place of a file of that name. Nobody may be writing either of them. */
  async rename(from: string, to: string): Promise<void> {
    await at(this.#root.locateBelow(from), (source) =>
      at(this.#root.locateBelow(to), (target) =>
        this.#alone([source, target], async (lock) => {
          const moved = await lock(source);
          const replaced = await lock(target);
          await rename(source.path, target.path);
          if (replaced?.ino !== moved?.ino) this.#space.lost(replaced);
        }),
      ),
    );
  }

  /**
   * Set the time of the last change.
   *
   * @throws ServerError E_ARGUMENT when the disk cannot hold it; the old time is then back, in whole milliseconds
   */
  async setTime(path: string, mtimeMs: number): Promise<void> {
    await at(this.#root.locate(path), async (place) => {
      const before = await statsAt(place);
      if (!before.isFile() && !before.isDirectory()) throw new ServerError('E_NOT_FILE', 'Not a regular file');
      const accessed = new Date(Number(before.atimeMs));
      // As Dates: a negative number, a time before 1970, Node would take for now.
      await lutimes(place.path, accessed, new Date(mtimeMs));
      if (describeEntry('', await statsAt(place)).mtimeMs === mtimeMs) return;
      await lutimes(place.path, accessed, new Date(Number(before.mtimeMs)));
      throw new ServerError('E_ARGUMENT', 'The disk cannot hold this time');
    });
  }

  /** Set the rights of a file or folder: nine bits. */
  async setMode(path: string, mode: number): Promise<void> {
    await at(this.#root.locateBelow(path), (place) => setMode(place.path, mode));
  }

  /** Only where there is still none: since the upload began one may have come there along with its folder. */
  async #create(path: string): Promise<OpenFile> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    try {
      return await at(this.#root.locate(path), (place) => this.#root.open(place, flags, 0o666 & ~this.#umask));
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw cause;
      throw new ServerError('E_BUSY', 'Somebody has made such a file just now, try again', { cause, retry: true });
    }
  }

  /** Most files that are sent are new: to look first costs less than the error that an open without a file makes. */
  async #openExisting(place: Place): Promise<OpenFile | undefined> {
    const found = await this.#disk.ask(
      () => lstatSync(place.path, { throwIfNoEntry: false }),
      () => unlessMissing(lstat(place.path)),
    );
    return found && unlessMissing(this.#root.open(place, constants.O_WRONLY));
  }

  async #mustBeWritable(folder: string): Promise<void> {
    await this.#disk.ask(
      () => accessSync(folder, constants.W_OK),
      () => access(folder, constants.W_OK),
    );
  }

  /** The names are waited for before the turn begins: whoever has one may need a turn to come to an end. */
  async #alone(places: readonly Place[], work: WorkAlone): Promise<void> {
    const locks = this.#space.locks.holdBriefly(this.#client);
    try {
      // In one order for all: no two shall have what the other one waits for.
      for (const name of places.map(({ real }) => real).sort()) await locks.take(name);
      await this.#space.inTurn(() => work((place) => fileAlone(place, locks)), this.#client?.signal());
    } finally {
      locks.release();
    }
  }
}

async function fileAlone(place: Place, locks: HeldLocks): Promise<BigIntStats | undefined> {
  const stats = await unlessMissing(statsAt(place));
  if (!stats?.isFile()) return undefined;
  locks.takeNow(fileKey(stats));
  return stats;
}

function statsAt({ path }: Place): Promise<BigIntStats> {
  return lstat(path, { bigint: true });
}

async function unlessMissing<Found>(looking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Not those it lies in: where they are missing, a disk may not be mounted. */
async function makeHome(home: string, umask: number): Promise<void> {
  try {
    await mkdir(home, 0o777 & ~umask);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
