import { nameOf, parentOf } from '../files/directory.ts';
import type { FarListing } from './far-listing.ts';
import type { PairJournal } from './pair-journal.ts';
import { isUnsure } from './pair-state.ts';

/**
 * Forget those of some files that others changed since they were sent, or in whose place others put something: that is
 * theirs, and not to be removed.
 *
 * Of what is not in the listing nothing is said: servers cut long ones, and a file that is gone can be removed once more.
 *
 * @returns how many
 * @throws TransferError before anything is changed; JournalError
 */
export async function forgetChanged(
  paths: readonly string[],
  listing: FarListing,
  journal: PairJournal,
): Promise<number> {
  const sameFile = await listing.sameFile(journal.far);
  let changed = 0;
  for (const path of paths) {
    const folder = journal.far.directoryAt(parentOf(path));
    const file = folder?.file(nameOf(path));
    const there = listing.listed(parentOf(path))?.find(nameOf(path), (other) => folder?.file(other) !== undefined);
    if (!file || !there) continue;
    const isOwn = isUnsure(file) && journal.knowsFolder(parentOf(path));
    if (there.kind === 'file' && (isOwn || sameFile.isStill(file, there))) continue;
    journal.fileIsGone(path);
    changed += 1;
  }
  return changed;
}
