import { type Directory, walk } from '../files/directory.ts';
import type { FarListing } from './far-listing.ts';

// A handful of entries goes missing easily; of more, not half of them at once without somebody who tidied up.
const WORTH_A_DOUBT = 20;

/** How much of what is known a listing does not show. */
export interface Missing {
  readonly missing: number;
  readonly known: number;
}

/** Count what a listing of the far side should show and does not. Folders that could not be listed say nothing. */
export function countMissing(root: Directory, listing: FarListing): Missing {
  let [missing, known] = [0, 0];
  for (const { path, directory } of walk(root)) {
    if (listing.closed.has(path) || listing.isHidden(path)) continue;
    const listed = listing.listed(path);
    for (const { name } of directory.files()) {
      known += 1;
      if (!listed?.find(name, (other) => directory.file(other) !== undefined)) missing += 1;
    }
    for (const { name } of directory.directories()) {
      known += 1;
      if (!listed?.find(name, (other) => directory.directory(other) !== undefined)) missing += 1;
    }
  }
  return { missing, known };
}

/** Is it more likely that the listing is wrong than that others removed so much? */
export function isSuspicious({ missing, known }: Missing): boolean {
  return known > WORTH_A_DOUBT && missing > known / 2;
}
