import { mkdirSync } from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import { printable } from '../../files/printable.ts';
import { RealFolders } from '../disk/real-folders.ts';
import { removeFolder, type StepResult } from '../disk/steps.ts';
import type { Trash, Trashed } from '../disk/trash.ts';
import { type EntryPath, parentOf } from '../model/entry.ts';
import { DeskError, notTaken } from './desk-error.ts';
import type { TrashView } from './share-desk.ts';

/** All that is in the trash, the oldest first. */
export function trashViews(trash: Trash): readonly TrashView[] {
  return [...trash.list()].map((one) => ({ name: nameOf(one), path: one.path, day: one.day, size: one.size }));
}

/**
 * Put something back where it was; never over what lies there, and never through a link.
 *
 * @param name as it is listed, or its path in the share: then the newest is taken
 * @param root of the share, without a link in it
 * @returns its path in the share
 * @throws DeskError: it is in the trash as before then
 */
export function restoreFrom(trash: Trash, name: string, root: string): EntryPath {
  const all = [...trash.list()];
  const found = all.find((one) => nameOf(one) === name) ?? all.findLast(({ path }) => path === name);
  if (found === undefined) {
    const message = `${printable(name)} is not in the trash; the command trash lists what is`;
    throw new DeskError('E_NOT_IN_TRASH', message);
  }
  if (putBack(trash, found, new RealFolders(root)) === 'done') return found.path;
  const message = `${printable(found.path)} is there: move it away first, nothing is written over`;
  throw new DeskError('E_IN_THE_WAY', message);
}

/** @throws DeskError: the folders that were made for it are gone again then */
function putBack(trash: Trash, found: Trashed, folders: RealFolders): StepResult {
  const made: string[] = [];
  let isDone = false;
  try {
    const result = trash.restore(found, placeFor(found.path, folders, made));
    isDone = result === 'done';
    return result;
  } catch (error) {
    throw error instanceof DeskError ? error : notTaken(`${printable(found.path)} cannot be put back`, error);
  } finally {
    // The deepest first; before the folders are released by whose descriptors they are named.
    if (!isDone) for (const folder of made.reverse()) removeFolder(folder);
    folders.release();
  }
}

/** The folders above are made where they are missing. @param made is told which */
function placeFor(path: EntryPath, folders: RealFolders, made: string[]): string {
  const place = folders.at(path);
  if (place.kind === 'place') return place.where;
  const above = parentOf(path);
  const folder = above === '' ? undefined : placeFor(above, folders, made);
  if (place.kind === 'link' || folder === undefined) throw notAFolder(path, place.kind === 'link' ? place.path : above);
  mkdirOr(folder, () => notAFolder(path, above));
  made.push(folder);
  const now = folders.at(path);
  if (now.kind !== 'place') throw notAFolder(path, above);
  return now.where;
}

function mkdirOr(where: string, refusal: () => DeskError): void {
  try {
    mkdirSync(where);
  } catch (cause) {
    throw codeOf(cause) === 'EEXIST' ? refusal() : cause;
  }
}

function notAFolder(path: EntryPath, above: EntryPath): DeskError {
  const what = `${printable(path)} cannot be put back: ${printable(above)} is no folder of the share any more`;
  return new DeskError('E_IN_THE_WAY', `${what}; move away what is there`);
}

function nameOf({ folder, path }: Trashed): string {
  return `${folder}/${path}`;
}
