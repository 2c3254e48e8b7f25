import { foldName } from '../../lib/files/difference.ts';
import { join, nameOf, parentOf } from '../../lib/files/directory.ts';

/** A far file as {@link FarTree} holds it. */
export interface FarFile {
  readonly kind: 'file';
  readonly name: string;
  readonly content: string;
  readonly mtimeMs: number | undefined;
}

/** A far folder as {@link FarTree} holds it. */
export interface FarFolder {
  readonly kind: 'directory';
  readonly name: string;
  readonly entries: Map<string, FarNode>;
}

export type FarNode = FarFile | FarFolder;

/** A small file system in memory, paths joined by `/`. */
export class FarTree {
  readonly root: FarFolder = { kind: 'directory', name: '', entries: new Map() };
  readonly #keyOf: (name: string) => string;

  /** @param ignoresCase does it hold names for equal that differ in case or normalisation only? */
  constructor({ ignoresCase }: { readonly ignoresCase: boolean }) {
    this.#keyOf = ignoresCase ? foldName : (name) => name;
  }

  at(path: string): FarNode | undefined {
    let node: FarNode | undefined = this.root;
    for (const name of path === '' ? [] : path.split('/')) {
      node = node?.kind === 'directory' ? node.entries.get(this.#keyOf(name)) : undefined;
    }
    return node;
  }

  folderAt(path: string): FarFolder | undefined {
    const node = this.at(path);
    return node?.kind === 'directory' ? node : undefined;
  }

  /** Put a folder with its parents there; what is there already stays. */
  putFolder(path: string): FarFolder {
    if (path === '') return this.root;
    const there = this.folderAt(path);
    if (there) return there;
    const made: FarFolder = { kind: 'directory', name: nameOf(path), entries: new Map() };
    this.putFolder(parentOf(path)).entries.set(this.#keyOf(nameOf(path)), made);
    return made;
  }

  /** Put a file there, with its parents; one that is there keeps the way its name is written, as on real disks. */
  putFile(path: string, content: string, mtimeMs?: number): void {
    const folder = this.putFolder(parentOf(path));
    const key = this.#keyOf(nameOf(path));
    const name = folder.entries.get(key)?.name ?? nameOf(path);
    folder.entries.set(key, { kind: 'file', name, content, mtimeMs });
  }

  /** Take an entry away with all that is in it. */
  take(path: string): void {
    this.folderAt(parentOf(path))?.entries.delete(this.#keyOf(nameOf(path)));
  }

  /** Everything below the root by path: the content of a file, `null` for a folder. */
  all(): Record<string, string | null> {
    const found: Record<string, string | null> = {};
    const stack: { path: string; folder: FarFolder }[] = [{ path: '', folder: this.root }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      for (const node of next.folder.entries.values()) {
        const path = join(next.path, node.name);
        found[path] = node.kind === 'file' ? node.content : null;
        if (node.kind === 'directory') stack.push({ path, folder: node });
      }
    }
    return found;
  }
}
