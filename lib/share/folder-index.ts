import { type Content, type EntryPath, exists, parentOf } from './model/entry.ts';

/** What lies in each folder, and where that has changed. */
export class FolderIndex {
  readonly #within = new Map<EntryPath, Set<EntryPath>>();
  #changes = new Set<EntryPath>();

  /** Something else lies at a path now, or nothing. */
  replace(path: EntryPath, content: Content): void {
    this.#changes.add(path);
    const folder = parentOf(path);
    const within = this.#within.get(folder);
    if (exists(content)) {
      if (within === undefined) this.#within.set(folder, new Set([path]));
      else within.add(path);
    } else if (within?.delete(path) && within.size === 0) this.#within.delete(folder);
  }

  /** Paths at which something else lies from now on; of what changes after the next question, that one tells. */
  changes(): ReadonlySet<EntryPath> {
    this.#changes = new Set();
    return this.#changes;
  }

  /** All that lies below a folder; takes as long as there is of it. */
  *below(folder: EntryPath): Iterable<EntryPath> {
    const folders = [folder];
    for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
      for (const path of this.#within.get(at) ?? []) {
        yield path;
        if (this.#within.has(path)) folders.push(path);
      }
    }
  }
}
