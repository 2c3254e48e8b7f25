import { mkdirSync } from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import { printable } from '../../files/printable.ts';
import { RealFolders } from '../disk/real-folders.ts';
import type { Trash, Trashed } from '../disk/trash.ts';
import { type EntryPath, parentOf } from '../model/entry.ts';
import { DeskError } from './desk-error.ts';
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
 * @throws DeskError; an error of the system
 */
export function restoreFrom(trash: Trash, name: string, root: string): EntryPath {
  const all = [...trash.list()];
  const found = all.find((one) => nameOf(one) === name) ?? all.findLast(({ path }) => path === name);
  if (found === undefined) {
    const message = `${printable(name)} is not in the trash; the command trash lists what is`;
    throw new DeskError('E_NOT_IN_TRASH', message);
  }
  const folders = new RealFolders(root);
  try {
    if (trash.restore(found, placeFor(found.path, folders)) === 'done') return found.path;
  } finally {
    folders.release();
  }
  const message = `${printable(found.path)} is there: move it away first, nothing is written over`;
  throw new DeskError('E_IN_THE_WAY', message);
}

/** The folders above are made where they are missing. */
function placeFor(path: EntryPath, folders: RealFolders): string {
  const place = folders.at(path);
  if (place.kind === 'place') return place.where;
  const above = parentOf(path);
  const folder = above === '' ? undefined : placeFor(above, folders);
  if (place.kind === 'link' || folder === undefined) throw notAFolder(path, place.kind === 'link' ? place.path : above);
  mkdirOr(folder, () => notAFolder(path, above));
  const made = folders.at(path);
  if (made.kind !== 'place') throw notAFolder(path, above);
  return made.where;
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
