import type { Content, ContentId, EntryPath, FileContent } from '../model/entry.ts';

/** Where the files of each content lie. */
export class ContentIndex {
  readonly #byId = new PathsBy<ContentId>();
  /** Of those that are long enough to have something in common with others: of more than one chunk. */
  readonly #bySize = new PathsBy<number>();

  /** Something else lies at a path now. */
  replace(path: EntryPath, before: Content | undefined, after: Content): void {
    if (before?.type === 'file') {
      this.#byId.remove(before.id, path);
      if (hasChunks(before)) this.#bySize.remove(before.size, path);
    }
    if (after.type === 'file') {
      this.#byId.add(after.id, path);
      if (hasChunks(after)) this.#bySize.add(after.size, path);
    }
  }

  pathsOf(id: ContentId): readonly EntryPath[] {
    return [...this.#byId.all(id)];
  }

  /** Where a file of so many bytes, and more than one chunk, lies; `undefined` where none is. */
  pathOfSize(bytes: number): EntryPath | undefined {
    for (const path of this.#bySize.all(bytes)) return path;
    return undefined;
  }
}

function hasChunks({ chunks }: FileContent): boolean {
  return chunks !== undefined;
}

/** Paths of something: nearly always there is one, and it takes no set. */
class PathsBy<Key> {
  readonly #paths = new Map<Key, EntryPath | Set<EntryPath>>();

  all(key: Key): Iterable<EntryPath> {
    const paths = this.#paths.get(key) ?? [];
    return typeof paths === 'string' ? [paths] : paths;
  }

  add(key: Key, path: EntryPath): void {
    const there = this.#paths.get(key);
    if (there === undefined) this.#paths.set(key, path);
    else if (typeof there !== 'string') there.add(path);
    else if (there !== path) this.#paths.set(key, new Set([there, path]));
  }

  remove(key: Key, path: EntryPath): void {
    const there = this.#paths.get(key);
    if (there === path) this.#paths.delete(key);
    else if (typeof there === 'object' && there.delete(path) && there.size === 0) this.#paths.delete(key);
  }
}
