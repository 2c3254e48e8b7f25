import { parentOf } from '../files/directory.ts';
import type { FarListing } from './far-listing.ts';

/** Which far folders were looked at in a cycle, and which could not be. */
export class LookedAt {
  readonly #seen = new Set<string>();
  readonly #closed = new Set<string>();

  /** Another cycle begins. */
  clear(): void {
    this.#seen.clear();
    this.#closed.clear();
  }

  add({ folders, closed }: FarListing): void {
    for (const path of folders.keys()) this.#seen.add(path);
    for (const path of closed.keys()) this.#closed.add(path);
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
