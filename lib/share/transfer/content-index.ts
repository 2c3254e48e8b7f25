import type { Content, ContentId, EntryPath } from '../model/entry.ts';

/** Where the files of each content lie: nearly always there is one. */
export class ContentIndex {
  readonly #paths = new Map<ContentId, EntryPath | Set<EntryPath>>();

  /** Something else lies at a path now. */
  replace(path: EntryPath, before: Content | undefined, after: Content): void {
    if (before?.type === 'file') this.#remove(before.id, path);
    if (after.type === 'file') this.#add(after.id, path);
  }

  pathsOf(id: ContentId): readonly EntryPath[] {
    const paths = this.#paths.get(id) ?? [];
    return typeof paths === 'string' ? [paths] : [...paths];
  }

  #add(id: ContentId, path: EntryPath): void {
    const there = this.#paths.get(id);
    if (there === undefined) this.#paths.set(id, path);
    else if (typeof there !== 'string') there.add(path);
    else if (there !== path) this.#paths.set(id, new Set([there, path]));
  }

  #remove(id: ContentId, path: EntryPath): void {
    const there = this.#paths.get(id);
    if (there === path) this.#paths.delete(id);
    else if (typeof there === 'object' && there.delete(path) && there.size === 0) this.#paths.delete(id);
  }
}
