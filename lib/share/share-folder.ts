import { closeSync, fstatSync, mkdirSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import { makeFolder } from '../base/make-folder.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { printable } from '../files/printable.ts';
import type { LinkPolicy } from '../files/visit.ts';
import { setAttributes } from './disk/attributes.ts';
import { DiskSync } from './disk/disk-sync.ts';
import { type Glance, glance, stampAt } from './disk/glance.ts';
import { GroupCommit, type Keeper } from './disk/group-commit.ts';
import { recogniseShare, type ShareIdentity } from './disk/guard.ts';
import type { ShareFolders } from './disk/materialise.ts';
import { TO_READ } from './disk/read-flags.ts';
import { ShareChanger } from './disk/share-changer.ts';
import { ShareDiskError } from './disk/share-disk-error.ts';
import { Trash } from './disk/trash.ts';
import { idOfChunk } from './model/content-id.ts';
import type { EntryPath, FileContent, Seen } from './model/entry.ts';
import { hiddenPartOf } from './model/hidden.ts';
import type { SavedEntry } from './replica/events.ts';
import type { FileIdentity, Lying } from './state/begun-change.ts';
import { hasJournal, isFreeForState } from './state/state-folder.ts';

/** What is known of the folder, and who keeps what becomes of it. */
export interface ShareFolderOptions {
  /** What the folder was at the last start. */
  readonly kept: ShareIdentity | undefined;
  /** Names directly in the share that were known last. */
  readonly known: ReadonlySet<string>;
  readonly keeper: Keeper;
}

/** The folder that is shared, and what changes it. */
export class ShareFolder {
  readonly folders: ShareFolders;
  readonly identity: ShareIdentity;
  readonly trash: Trash;
  readonly commit: GroupCommit;

  /**
   * @throws ShareDiskError when it is not the share any more
   */
  constructor(folders: ShareFolders, clock: Clock, { kept, known, keeper }: ShareFolderOptions) {
    this.folders = folders;
    this.identity = recogniseShare(folders.root, kept, known);
    const sync = new DiskSync(folders.root);
    this.trash = new Trash(join(folders.stateFolder, 'trash'), clock);
    this.commit = new GroupCommit(new ShareChanger({ ...folders, trash: this.trash, sync }), sync, keeper);
  }

  /** Why nothing may come to a path; `undefined` where it may. */
  objectionTo(path: EntryPath): string | undefined {
    if (!this.folders.leavesDots || hiddenPartOf(path) === undefined) return undefined;
    return 'what begins with a dot is not shared here';
  }

  /** Of an entry, for the system. */
  whereOf(path: EntryPath): string {
    return join(this.folders.root, path);
  }

  /** What lies at a path, as far as it is known without reading. */
  glance(path: EntryPath): Glance {
    return glance(this.whereOf(path), this.folders.links);
  }

  /** Does what was seen still lie there? */
  isCurrent(path: EntryPath, { type, stamp }: Pick<Seen, 'type' | 'stamp'>): boolean {
    const there = this.glance(path);
    if (there.kind === 'nothing') return type === 'deleted';
    if (there.kind === 'folder') return type === 'directory';
    // A file that has just been changed has a stamp that is never equal to another: the beginning tells which file it is.
    return there.kind === 'file' && type === 'file' && isSameMoment(stampAt(there), stamp);
  }

  /** The bytes of a small file; `undefined` when they are not those that are held. */
  read({ entry: { path, content } }: SavedEntry): Uint8Array | undefined {
    if (content.type !== 'file') return undefined;
    try {
      const bytes = readExactly(this.whereOf(path), content.size);
      return bytes !== undefined && idOfChunk(bytes) === content.id ? bytes : undefined;
    } catch {
      // Gone, or not to be read any more: who looks at it finds out.
      return undefined;
    }
  }

  /** What lies at a path, for whoever takes stock of changes that were begun. */
  lying(path: EntryPath): Lying {
    const there = this.glance(path);
    if (there.kind === 'folder') return { type: 'directory', stamp: stampAt(there) };
    if (there.kind !== 'file') return { type: 'deleted', stamp: '' };
    const { ino, size, mtimeNs } = there.stats;
    return { type: 'file', identity: { ino, size: Number(size), mtimeNs }, stamp: stampAt(there) };
  }

  /**
   * By what a finished file will be known again when it lies where it belongs: it gets its time already now.
   *
   * @returns `undefined` where that cannot be told
   */
  identityOf(file: string, { mtimeMs, isExecutable }: FileContent): FileIdentity | undefined {
    try {
      const { ino, size, mtimeNs } = setAttributes(file, { mtimeMs, isExecutable }, OWNER_ONLY);
      return { ino, size: Number(size), mtimeNs };
    } catch {
      // Who is to move it finds that out, and it is tried again.
      return undefined;
    }
  }
}

// It is moved to where others may read it with the rights that it has there.
const OWNER_ONLY = 0o600;

/** @returns `undefined` for what is no file of that size, of which no byte is read then: it may be huge by now */
function readExactly(where: string, size: number): Buffer | undefined {
  const file = openSync(where, TO_READ);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size !== size) return undefined;
    const bytes = Buffer.allocUnsafe(size);
    return readSync(file, bytes) === size ? bytes : undefined;
  } finally {
    closeSync(file);
  }
}

/**
 * Make the folder of unfinished files where it is missing, and find out where the others really are.
 *
 * @throws ShareDiskError
 */
export function prepareFolders(shareFolder: string, stateFolder: string, links: LinkPolicy): ShareFolders {
  const tmp = join(stateFolder, 'tmp');
  try {
    makeFolder(tmp);
    const root = realpathSync(shareFolder);
    const state = realpathSync(stateFolder);
    assertApart(root, state);
    if (statSync(root).dev === statSync(tmp).dev) return { root, stateFolder: state, tmp, links };
  } catch (cause) {
    if (cause instanceof ShareDiskError) throw cause;
    throw new ShareDiskError('E_SHARE_FOLDER', `${printable(shareFolder)}: it cannot be used (${codeOf(cause)})`, {
      cause,
    });
  }
  throw onOtherDisk(shareFolder, stateFolder);
}

function onOtherDisk(shareFolder: string, stateFolder: string): ShareDiskError {
  const message = `${printable(stateFolder)} must be on the same disk as ${printable(shareFolder)}: name another folder with --state`;
  return new ShareDiskError('E_SHARE_FOLDER', message);
}

/** Neither may lie in the other one. */
function assertApart(shareFolder: string, stateFolder: string): void {
  // Other machines could write into it, and read the key of this one.
  if (isWithin(stateFolder, shareFolder)) {
    const message = `${printable(stateFolder)} must not lie in the share: name another folder with --state`;
    throw new ShareDiskError('E_SHARE_FOLDER', message);
  }
  // Who names the folder in which the share lies has more in it, of which what is called as the old days of the trash is removed.
  if (isWithin(shareFolder, stateFolder)) {
    const message = `${printable(shareFolder)} must not lie in the state folder ${printable(stateFolder)}: name another one with --state`;
    throw new ShareDiskError('E_SHARE_FOLDER', message);
  }
}

function isWithin(folder: string, above: string): boolean {
  return `${folder}/`.startsWith(`${above}/`);
}

/**
 * Before anything is written: whoever named a file, or a folder with something else in it, has mistyped, and what is written into the
 * share others get.
 *
 * @throws ShareDiskError
 */
export function assertPlaces(shareFolder: string, stateFolder: string): void {
  assertApart(shareFolder, stateFolder);
  const there = statSync(shareFolder, { throwIfNoEntry: false });
  if (there !== undefined && !there.isDirectory())
    throw new ShareDiskError('E_SHARE_FOLDER', `${printable(shareFolder)}: it is not a folder; name one with --share`);
  assertFreeForState(stateFolder);
  // Of a share that was known before, the disk may not be there now: that is told otherwise.
  if (!hasJournal(stateFolder) && deviceFor(shareFolder) !== deviceFor(stateFolder))
    throw onOtherDisk(shareFolder, stateFolder);
}

function assertFreeForState(folder: string): void {
  if (isFreeForState(folder)) return;
  const message = `${printable(folder)} holds other things than the state of a share: name a folder that is empty or missing with --state`;
  throw new ShareDiskError('E_SHARE_FOLDER', message);
}

/** The device that a folder is on, or will be when it is made. */
function deviceFor(folder: string): number {
  try {
    return statSync(folder).dev;
  } catch (error) {
    const above = dirname(folder);
    if (above === folder) throw error;
    return deviceFor(above);
  }
}

/** @throws ShareDiskError */
export function makeShare(shareFolder: string): void {
  try {
    mkdirSync(shareFolder, { recursive: true });
  } catch (cause) {
    throw cannotBeMade(shareFolder, cause);
  }
}

/** Make the folder of the state, or one in it. @throws ShareDiskError */
export function makeStateFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    throw cannotBeMade(folder, cause);
  }
}

function cannotBeMade(folder: string, cause: unknown): ShareDiskError {
  const message = `${printable(folder)}: it cannot be made (${codeOf(cause)})`;
  return new ShareDiskError('E_SHARE_FOLDER', message, { cause, retry: hasNoRoom(cause) });
}

const PARTS_OF_A_STAMP = 5;

function isSameMoment(a: string, b: string): boolean {
  const begin = (stamp: string) => stamp.split(':', PARTS_OF_A_STAMP).join(':');
  return begin(a) === begin(b);
}
