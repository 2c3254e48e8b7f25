import { join } from '../files/directory.ts';
import type { SameFile } from '../transfer/same-file.ts';
import type { Listed } from './listed.ts';
import type { PairJournal } from './pair-journal.ts';
import type { Version } from './pair-state.ts';

/** What others did to entries of the mirror. */
export interface Differences {
  /** Entries that are not there any more; a folder counts as one. */
  readonly gone: number;
  /** Files with another content. */
  readonly changed: number;
}

/** How a listing is judged. */
export interface Judging {
  readonly sameFile: SameFile;
  /** May what is there be this mirror's own half-done work, whatever it looks like? */
  readonly mayBeHalfDone: (path: string, known: Version) => boolean;
  /** Was something begun to be made at this path that is not known to be there? It is no other entry in another case. */
  readonly mayBeMade: (path: string) => boolean;
}

/**
 * Correct what the journal knows of one far folder by a listing of it: what others removed is gone, and a file that
 * others changed is not the mirror's any more. Nothing is added: what is not known yet may be a stranger's.
 */
export function correctKnown(
  path: string,
  listed: Listed,
  journal: PairJournal,
  { sameFile, mayBeHalfDone, mayBeMade }: Judging,
): Differences {
  const known = journal.far.directoryAt(path);
  const found = { gone: 0, changed: 0 };
  if (!known) return found;
  for (const file of [...known.files()]) {
    const filePath = join(path, file.name);
    const there = listed.find(file.name, (other) => known.file(other) !== undefined || mayBeMade(join(path, other)));
    const isThere = there?.kind === 'file';
    if (isThere && (mayBeHalfDone(filePath, file) || sameFile.isStill(file, there))) continue;
    found[isThere ? 'changed' : 'gone'] += 1;
    journal.fileIsGone(filePath);
  }
  for (const { name } of [...known.directories()]) {
    const there = listed.find(name, (other) => known.directory(other) !== undefined || mayBeMade(join(path, other)));
    if (there?.kind === 'directory') continue;
    found.gone += 1;
    journal.folderIsGone(join(path, name));
  }
  return found;
}
