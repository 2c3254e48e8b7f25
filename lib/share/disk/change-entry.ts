import { type BigIntStats, chownSync } from 'node:fs';
import { type Content, type FileContent, hasSameBytes, isSameContent, NO_STAMP, type Stamp } from '../model/entry.ts';
import { changeAttributes, modeOf, setAttributes } from './attributes.ts';
import { FOLDER_STAMP, type Glance, type Shareable, stampAt } from './glance.ts';
import { stampPut } from './same-file.ts';
import { moveAway, putBack, putFile, putFolder, removeFolder, replaceWith, type StepResult } from './steps.ts';

/** An entry that is to be changed, and what is at hand for that. */
export interface Site {
  /** For the system. */
  readonly where: string;
  /** What lies there, as expected. */
  readonly found: Exclude<Glance, { kind: 'unshareable' }>;
  readonly from: Content;
  readonly to: Content;
  /** The file that is to come there; on the same disk, and for nobody else. */
  readonly part: string | undefined;
  /** Where what is there is to be saved. */
  readonly saving: Saving | undefined;
  /** A place in the trash for what was there. */
  readonly trash: () => string;
  /** What this user takes away from others of a new file. */
  readonly umask: number;
}

/** How what lies there is saved under another name. */
export interface Saving {
  readonly where: string;
  /** The file that has it already, as it was before that was found out. */
  readonly there: BigIntStats | undefined;
  /** A copy of what a link leads to, to be put there. */
  readonly copy: string | undefined;
}

/** The stamp of what lies there now; `undefined` where something else lies there than was expected, and nothing was done. */
export type Changed = Stamp | undefined;

/**
 * Change what lies at a place, without waiting for anything. Nothing that was not expected is overwritten; a link is replaced or
 * removed itself.
 *
 * @throws an error of the system: nothing was done then
 */
export function changeEntry(site: Site): Changed {
  switch (site.to.type) {
    case 'deleted':
      return remove(site) === 'done' ? NO_STAMP : undefined;
    case 'directory':
      return makeFolder(site) === 'done' ? FOLDER_STAMP : undefined;
    case 'file':
      return putContent(site, site.to);
  }
}

function remove({ where, found, trash }: Site): StepResult {
  if (found.kind === 'nothing') return 'done';
  if (found.kind === 'folder' && found.link === undefined) return removeFolder(where);
  return moveAway(where, found, trash());
}

function makeFolder(site: Site): StepResult {
  const { where, found } = site;
  if (found.kind === 'folder') return 'done';
  if (found.kind === 'nothing') return putFolder(where);
  const kept = giveWay(site, found);
  if (kept === undefined) return 'changed';
  try {
    if (putFolder(where) === 'done') return 'done';
  } catch (error) {
    putBack(kept, where);
    throw error;
  }
  // Something came there in the same moment: what was there is where it would have been kept anyway.
  return 'changed';
}

/** @returns where the file that was there is now; `undefined` where something else lies there */
function giveWay({ where, trash, saving }: Site, found: Shareable): string | undefined {
  const place = trash();
  if (moveAway(where, found, place) === 'changed') return undefined;
  if (saving === undefined || saving.there !== undefined) return place;
  if (saving.copy !== undefined) return putFile(saving.copy, saving.where) === 'done' ? place : takeBack(place, where);
  return putFile(place, saving.where) === 'done' ? saving.where : takeBack(place, where);
}

function takeBack(place: string, where: string): undefined {
  putBack(place, where);
  return undefined;
}

function putContent(site: Site, to: FileContent): Changed {
  const { where, found, from, part } = site;
  if (found.kind === 'file' && isSameContent(from, to)) return stampAt(found);
  if (found.kind === 'file' && found.link === undefined && hasSameBytes(from, to)) return setInPlace(site, found, to);
  if (part === undefined) throw new RangeError('a content is to be put there, and there is no file of it');
  const before = found.kind === 'file' ? found.stats : undefined;
  const ready = prepare(part, to, before, site.umask);
  return putReady(site, part) === 'done' ? stampPut(where, ready) : undefined;
}

function putReady({ where, found, trash, saving }: Site, part: string): StepResult {
  if (found.kind === 'nothing') return putFile(part, where);
  if (found.kind === 'folder') {
    const away = found.link === undefined ? removeFolder(where) : moveAway(where, found, trash());
    return away === 'done' ? putFile(part, where) : 'changed';
  }
  if (saving?.copy !== undefined && putFile(saving.copy, saving.where) === 'changed') return 'changed';
  // What is saved already goes to the trash all the same: somebody may be writing to the other one just now.
  const isSaved = saving === undefined || saving.there !== undefined;
  const kept = isSaved || found.link !== undefined ? trash() : saving.where;
  return replaceWith(part, where, found, kept);
}

function setInPlace({ where, umask }: Site, { stats }: Shareable, to: FileContent): Changed {
  const changed = changeAttributes(where, to, stats, modeOf(to.isExecutable, stats, umask));
  return changed && stampPut(where, changed);
}

/** Give a part the owner, rights and time that the file is to have. */
function prepare(part: string, to: FileContent, before: BigIntStats | undefined, umask: number): BigIntStats {
  if (before !== undefined) giveOwner(part, before);
  return setAttributes(part, to, modeOf(to.isExecutable, before, umask));
}

/** Only root may: else a file that only its owner may read would be lost to him. */
function giveOwner(part: string, { uid, gid }: BigIntStats): void {
  if (process.geteuid?.() === 0) chownSync(part, Number(uid), Number(gid));
}
