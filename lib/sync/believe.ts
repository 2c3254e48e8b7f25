import { foldName } from '../files/difference.ts';
import { type Directory, join, nameOf, parentOf } from '../files/directory.ts';
import type { FarEntry } from '../transfer/transport.ts';
import { correctKnown, type Differences, type Judging } from './correct-known.ts';
import type { FarListing } from './far-listing.ts';
import { renamedIn } from './listed.ts';
import type { PairJournal } from './pair-journal.ts';
import { type Doubt, isUnsure, type Version } from './pair-state.ts';

/** What {@link believe} works with. */
export interface BelieveOptions {
  readonly journal: PairJournal;
  /** What is equal to an entry in here is taken for the mirror's own; without it nothing is. */
  readonly near?: Directory;
}

/**
 * Bring the journal in line with a listing: what others removed or changed is forgotten, doubts are settled, and what is
 * equal on both sides need not be sent.
 *
 * @throws TransferError before anything is changed; JournalError
 */
export async function believe(listing: FarListing, { journal, near }: BelieveOptions): Promise<Differences> {
  const doubts = new Map(journal.doubts().map((doubt) => [doubt.path, doubt]));
  const sameFile = await listing.sameFile(journal.far, (path) => present([near?.fileAt(path), doubts.get(path)]));
  // A journal that has lost its end may have lost how a step ended, and all that others did there since.
  const isWhole = new Map([...listing.folders.keys()].map((path) => [path, journal.knowsFolder(path)]));
  const mayBeHalfDone = (path: string, known: Version) =>
    isWhole.get(parentOf(path)) === true && (isUnsure(known) || doubts.has(path));
  const mayBeMade = (path: string) => ['mkdir', 'upload'].includes(doubts.get(path)?.kind ?? '');
  const believing = { journal, sameFile, mayBeHalfDone, mayBeMade, wasUnsure: unsureIn(listing, journal.far) };
  const found = { gone: 0, changed: 0 };
  for (const path of listing.folders.keys()) {
    const listed = listing.listed(path);
    if (!listed) continue;
    const { gone, changed } = correctKnown(path, listed, journal, believing);
    found.gone += gone;
    found.changed += changed;
  }
  for (const doubt of doubts.values()) settle(doubt, listing, believing);
  if (near) for (const [path, entries] of listing.folders) adopt({ path, entries, near }, believing);
  for (const path of listing.folders.keys()) noteSeen(path, listing, journal);
  return found;
}

/** A folder is seen for the first time since records may have been lost; those in it may not be. */
function noteSeen(path: string, { folders }: FarListing, journal: PairJournal): void {
  if (!journal.unseen.has(path)) return;
  journal.folderIsSeen(path);
  for (const { name } of journal.far.directoryAt(path)?.directories() ?? []) {
    if (!folders.has(join(path, name))) journal.folderIsUnseen(join(path, name));
  }
}

interface Believing extends Judging {
  readonly journal: PairJournal;
  /** Paths of what was known with unsure content: what looks equal may be the version before. */
  readonly wasUnsure: ReadonlySet<string>;
}

function unsureIn(listing: FarListing, far: Directory): ReadonlySet<string> {
  const unsure = new Set<string>();
  for (const path of listing.folders.keys()) {
    for (const file of far.directoryAt(path)?.files() ?? []) if (isUnsure(file)) unsure.add(join(path, file.name));
  }
  return unsure;
}

/** Find out what became of a step that was begun but not seen to end well. */
function settle(doubt: Doubt, listing: FarListing, { journal, sameFile, wasUnsure }: Believing): void {
  const { kind, path } = doubt;
  const known = journal.far.fileAt(path);
  const listed = listing.listed(parentOf(path));
  const isKnown = (name: string) => hasOfKind(journal.far, kind, join(parentOf(path), name));
  // What is to be removed may be listed in another case; what was to be sent may not, where case counts.
  const isRemoval = kind === 'remove' || kind === 'rmdir';
  const there = isRemoval ? listed?.find(nameOf(path), isKnown) : listed?.at(nameOf(path));
  const mayBeOld = (file: FarEntry) =>
    wasUnsure.has(path) || (known && !isVersion(known, doubt) && sameFile.isStill(known, file));
  if (listing.isHidden(path)) {
    // Of unsure content, what others change there meanwhile would be removed; in doubt it stays as it was known.
    if (known && kind !== 'remove') journal.fileIsUnsure(path);
  } else if (kind === 'mkdir' || kind === 'rmdir') {
    if (there?.kind === 'directory') journal.folderIsThere(path);
    else journal.folderIsGone(path);
  } else if (there && kind === 'upload' && sameFile.is(doubt, there) && !mayBeOld(there)) {
    journal.fileIsThere(path, doubt);
  } else if (there && known) {
    const isUntouched = sameFile.isStill(known, there) && (kind === 'remove' || !sameFile.isStill(doubt, there));
    // After a kill, a file of unsure content would be a stranger's, and not removed any more.
    if (isUntouched) journal.fileIsThere(path, known);
    // A removal that failed changes nothing: others did.
    else if (kind === 'remove' && !isUnsure(known)) journal.fileIsGone(path);
    else journal.fileIsUnsure(path);
  } else {
    // Not there, or something of another size or time that this mirror never finished: a stranger's.
    journal.fileIsGone(path);
  }
}

function hasOfKind(far: Directory, kind: Doubt['kind'], path: string): boolean {
  return (kind === 'rmdir' ? far.directoryAt(path) : far.fileAt(path)) !== undefined;
}

interface ListedFolder {
  readonly path: string;
  readonly entries: readonly FarEntry[];
  readonly near: Directory;
}

/** Note what is equal on both sides of one folder. */
function adopt({ path, entries, near }: ListedFolder, { journal, sameFile, wasUnsure }: Believing): void {
  const [nearFolder, known] = [near.directoryAt(path), journal.far.directoryAt(path)];
  if (!nearFolder || !known) return;
  const renamed = renamedIn(known, entries);
  for (const entry of entries) {
    // One entry that counts for two would be looked for under one of their names only, and the other be gone.
    if (renamed.has(foldName(entry.name))) continue;
    const entryPath = join(path, entry.name);
    const file = nearFolder.file(entry.name);
    if (entry.kind === 'directory') {
      if (nearFolder.directory(entry.name) && !known.directory(entry.name)) journal.folderIsThere(entryPath);
    } else if (file && !known.file(entry.name) && !wasUnsure.has(entryPath) && sameFile.is(file, entry)) {
      journal.fileIsThere(entryPath, file);
    }
  }
}

function isVersion(one: Version, other: Version): boolean {
  return one.size === other.size && one.mtimeMs === other.mtimeMs;
}

function present<Value>(values: readonly (Value | undefined)[]): readonly Value[] {
  return values.filter((value) => value !== undefined);
}
