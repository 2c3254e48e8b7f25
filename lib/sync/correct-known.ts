import { foldName } from '../files/difference.ts';
import { join } from '../files/directory.ts';
import type { FarEntry } from '../transfer/transport.ts';
import type { PairJournal } from './pair-journal.ts';

/**
 * Correct what the journal knows of one far folder by a listing of it: what others removed is gone, and a file of another
 * size is not the one that was sent. Nothing is added: what is not known yet may be a stranger's.
 */
export function correctKnown(path: string, entries: readonly FarEntry[], journal: PairJournal): void {
  const known = journal.far.directoryAt(path);
  if (!known) return;
  const listed = new Listed(entries);
  for (const { name, size } of [...known.files()]) {
    const there = listed.find(name, (other) => known.file(other) !== undefined);
    if (there?.kind !== 'file') journal.fileIsGone(join(path, name));
    else if (there.size !== size) journal.fileIsUnsure(join(path, name));
  }
  for (const { name } of [...known.directories()]) {
    const there = listed.find(name, (other) => known.directory(other) !== undefined);
    if (there?.kind !== 'directory') journal.folderIsGone(join(path, name));
  }
}

class Listed {
  readonly #byName: ReadonlyMap<string, FarEntry>;
  #byFoldedName: ReadonlyMap<string, FarEntry> | undefined;

  constructor(entries: readonly FarEntry[]) {
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /** By its name, or by that name in another case, as a far side lists it that ignores case and kept an older one. */
  find(name: string, isKnown: (name: string) => boolean): FarEntry | undefined {
    const exactly = this.#byName.get(name);
    if (exactly) return exactly;
    this.#byFoldedName ??= new Map([...this.#byName.values()].map((entry) => [foldName(entry.name), entry]));
    const folded = this.#byFoldedName.get(foldName(name));
    return folded && !isKnown(folded.name) ? folded : undefined;
  }
}
