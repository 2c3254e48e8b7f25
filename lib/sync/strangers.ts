import { foldName } from '../files/difference.ts';
import { Directory, join, nameOf, parentOf, walk } from '../files/directory.ts';
import { File } from '../files/file.ts';
import type { FarListing } from './far-listing.ts';
import { renamedIn } from './listed.ts';
import { UNSURE } from './pair-state.ts';
import type { NearTree } from './plan.ts';

/** Entries of the far side that the mirror did not put there, and that its user wants to be removed all the same. */
export class Strangers {
  /** By path, a folder before what is in it. */
  readonly #kinds = new Map<string, 'file' | 'directory'>();

  get isEmpty(): boolean {
    return this.#kinds.size === 0;
  }

  has(path: string): boolean {
    return this.#kinds.has(path);
  }

  /**
   * Take those of a listing in place of what was known before: files and folders that neither the journal nor the near
   * side has, unless something on the near side is left out in their place, or another mirror is
   * sending them.
   *
   * @param known what the journal says after the listing was believed
   */
  find(listing: FarListing, near: NearTree, known: Directory): void {
    this.clear();
    for (const [path, entries] of listing.folders) {
      const mine = [known.directoryAt(path), near.root.directoryAt(path)] as const;
      const renamed = renamedIn(mine[0], entries);
      for (const entry of entries) {
        if ((entry.kind !== 'file' && entry.kind !== 'directory') || entry.isBeingSent) continue;
        const isMine = mine.some((folder) => folder?.[entry.kind === 'file' ? 'file' : 'directory'](entry.name));
        // The plan would let stay what is kept; but it would count for the limit of removals, and be looked for in each run.
        if (isMine || renamed.has(foldName(entry.name)) || near.keeps(join(path, entry.name), entry.kind)) continue;
        this.#kinds.set(join(path, entry.name), entry.kind);
      }
    }
  }

  /** One is gone, or has to stay since others have something in it. */
  forget(path: string): void {
    this.#kinds.delete(path);
  }

  clear(): void {
    this.#kinds.clear();
  }

  /** What is known to be on the far side, and the strangers with it; what is known stays as it is. */
  with(known: Directory): Directory {
    if (this.isEmpty) return known;
    const all = new Directory('');
    for (const { path, directory } of walk(known)) {
      const folder = all.makeDirectoryAt(path);
      for (const file of directory.files()) folder.setFile(file);
    }
    for (const [path, kind] of this.#kinds) {
      if (isTaken(path, all)) continue;
      if (kind === 'directory') all.makeDirectoryAt(path);
      // A size that no file has: a near file that comes later in its place is sent, not taken for equal.
      else all.makeDirectoryAt(parentOf(path)).setFile(new File(nameOf(path), UNSURE.size, UNSURE.mtimeMs));
    }
    return all;
  }
}

/** Is something known at this path by now, or a file where it needs a folder? */
function isTaken(path: string, root: Directory): boolean {
  if (root.directoryAt(path)) return true;
  for (let at = path; at !== ''; at = parentOf(at)) {
    if (root.fileAt(at)) return true;
  }
  return false;
}
