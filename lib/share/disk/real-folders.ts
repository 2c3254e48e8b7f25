import { closeSync, constants, existsSync, lstatSync, openSync } from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import { type EntryPath, parentOf } from '../model/entry.ts';

/** Where an entry of the share lies for the system, or what keeps it from being anywhere in the share. */
export type RealPlace =
  | { readonly kind: 'place'; readonly where: string }
  /** A folder above is not there, or is a file. */
  | { readonly kind: 'missing' }
  /** A folder above is a link: what lies below is not in the share. */
  | { readonly kind: 'link'; readonly path: EntryPath };

// With it a folder is opened only to be named, without the right to read it (open(2)); Node does not know its number.
const O_PATH = 0o10000000;

const ONLY_FOLDERS = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

// A process may have 1024 files open by default.
const MOST_OPEN = 64;

const FOLDERS = '/proc/self/fd';

/**
 * Finds entries in the share by way of real folders only, and never through a link.
 *
 * Where the system gives a name to open folders (Linux), a place found holds even when a folder above is replaced by a link in the
 * same moment. Elsewhere that is only looked at before.
 */
export class RealFolders {
  readonly #root: string;
  readonly #namesOpen: boolean;
  readonly #open = new Map<EntryPath, number>();

  /** @param root without a link in it */
  constructor(root: string, namesOpen = existsSync(FOLDERS)) {
    this.#root = root;
    this.#namesOpen = namesOpen;
  }

  /**
   * Find an entry. What is found holds until {@link release}, and no longer than the caller goes on without waiting.
   *
   * @throws an error of the system; RangeError for a path that leads elsewhere
   */
  at(path: EntryPath): RealPlace {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!isName(name)) throw new RangeError(`${JSON.stringify(path)} is no path in a share`);
    const folder = this.#folder(parentOf(path));
    return typeof folder === 'string' ? { kind: 'place', where: `${folder}/${name}` } : folder;
  }

  /** Nothing that was found holds any more. */
  release(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #folder(path: EntryPath): string | Exclude<RealPlace, { kind: 'place' }> {
    if (path === '' && !this.#namesOpen) return this.#root;
    const open = this.#open.get(path);
    if (open !== undefined) return `${FOLDERS}/${open}`;
    if (path === '') return this.#enter('', this.#root) ?? { kind: 'missing' };
    const place = this.at(path);
    if (place.kind !== 'place') return place;
    return this.#enter(path, place.where) ?? whatIs(path, place.where);
  }

  /** @returns `undefined` where that is no folder */
  #enter(path: EntryPath, where: string): string | undefined {
    if (!this.#namesOpen) return lstatSync(where, { throwIfNoEntry: false })?.isDirectory() ? where : undefined;
    if (this.#open.size >= MOST_OPEN) this.#releaseBut(path);
    try {
      const descriptor = openSync(where, ONLY_FOLDERS);
      this.#open.set(path, descriptor);
      return `${FOLDERS}/${descriptor}`;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
      throw error;
    }
  }

  /** Those above are needed to open it. */
  #releaseBut(path: EntryPath): void {
    for (const [other, descriptor] of this.#open) {
      if (other === '' || path.startsWith(`${other}/`)) continue;
      closeSync(descriptor);
      this.#open.delete(other);
    }
  }
}

function whatIs(path: EntryPath, where: string): Exclude<RealPlace, { kind: 'place' }> {
  const isLink = lstatSync(where, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink ? { kind: 'link', path } : { kind: 'missing' };
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('\0');
}
