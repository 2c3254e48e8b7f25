import { parentOf } from '../files/directory.ts';
import type { FarEntry } from '../transfer/transport.ts';
import type { FarListing } from './far-listing.ts';

/** Which far folders were looked at in a cycle, and which could not be. */
export class LookedAt {
  readonly #seen = new Set<string>();
  readonly #closed = new Set<string>();
  /** Most recent last. */
  #listings: readonly FarListing[] = [];

  /** Another cycle begins. */
  clear(): void {
    this.#seen.clear();
    this.#closed.clear();
    this.#listings = [];
  }

  add({ folders, closed }: FarListing): void {
    for (const path of folders.keys()) this.#seen.add(path);
    for (const path of closed.keys()) this.#closed.add(path);
  }

  /** Remember also what was seen: all of it, which may be much. */
  keep(listing: FarListing): void {
    this.#listings = [...this.#listings, listing];
  }

  /** What is in a folder, as far as that was seen and kept. */
  entriesIn(folder: string): readonly FarEntry[] {
    return this.#listings.findLast(({ folders }) => folders.has(folder))?.folders.get(folder) ?? [];
  }

  /** Is it known by now what is in this folder, or that it cannot be known? */
  has(folder: string): boolean {
    return this.#seen.has(folder) || this.#closed.has(folder);
  }

  /** Is it a folder that could not be looked at, or does it lie in one? */
  isHidden(path: string): boolean {
    return this.#closed.has(path) || (path !== '' && this.isHidden(parentOf(path)));
  }
}
