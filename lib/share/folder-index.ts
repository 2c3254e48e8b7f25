import { type Content, type EntryPath, exists, parentOf } from './model/entry.ts';

/** What lies in each folder. */
export class FolderIndex {
  readonly #within = new Map<EntryPath, Set<EntryPath>>();

  /** Something else lies at a path now, or nothing. */
  replace(path: EntryPath, content: Content): void {
    const folder = parentOf(path);
    const within = this.#within.get(folder);
    if (exists(content)) {
      if (within === undefined) this.#within.set(folder, new Set([path]));
      else within.add(path);
    } else if (within?.delete(path) && within.size === 0) this.#within.delete(folder);
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
