import type { EntryPath } from '../../../lib/share/model/entry.ts';

/** What users have deleted since all peers had the same, where nobody has done anything else since then. */
export class Gone {
  readonly #paths = new Set<EntryPath>();
  readonly #used = new Set<EntryPath>();
  #hasBegun = false;

  get paths(): readonly EntryPath[] {
    return [...this.#paths].filter((path) => ![...this.#used].some((used) => isOnTheWay(path, used)));
  }

  /** All peers have the same now, and know it. */
  begin(): void {
    this.#hasBegun = true;
    this.#paths.clear();
    this.#used.clear();
  }

  removed(path: EntryPath): void {
    if (this.#hasBegun) this.#paths.add(path);
  }

  /** Something was done at a path that may bring it back, and the folders above it. */
  used(path: EntryPath): void {
    this.#used.add(path);
  }
}

function isOnTheWay(path: EntryPath, used: EntryPath): boolean {
  return `${used}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${used}/`);
}
