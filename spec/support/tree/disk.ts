import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';

/** What was met on the disk. */
export interface Entry {
  /** Below the root, parts joined by `/`, one character for each byte (latin1): names need not be valid UTF-8. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** As they are when they are first asked for: of most entries nobody does. */
  readonly stats: Stats;
}

/** Everything below a folder, a folder before what is in it, in the order of the bytes of the names. */
export function entriesBelow(root: string): readonly Entry[] {
  const entries: Entry[] = [];
  const visit = (folder: string) => {
    for (const { name, kind } of namesIn(root, folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      entries.push(new MetEntry(root, path, kind));
      if (kind === 'folder') visit(path);
    }
  };
  visit('');
  return entries;
}

/** The path of an entry for the functions of node:fs. */
export function onDisk(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}

/** A path of latin1 characters as a person may read it: in UTF-8, quoted, with escapes for what is not to be seen. */
export function readable(path: string): string {
  const bytes = Buffer.from(path, 'latin1');
  const text = bytes.toString('utf8');
  return JSON.stringify(Buffer.from(text).equals(bytes) ? text : path);
}

/** A path of usual text as latin1 characters, one for each byte of its UTF-8 form. */
export function asBytes(path: string): string {
  return Buffer.from(path).toString('latin1');
}

class MetEntry implements Entry {
  readonly path: string;
  readonly kind: Entry['kind'];
  readonly #root: string;
  #stats: Stats | undefined;

  constructor(root: string, path: string, kind: Entry['kind']) {
    this.path = path;
    this.kind = kind;
    this.#root = root;
  }

  get stats(): Stats {
    this.#stats ??= lstatSync(onDisk(this.#root, this.path));
    return this.#stats;
  }
}

function namesIn(root: string, folder: string): readonly { readonly name: string; readonly kind: Entry['kind'] }[] {
  return readdirSync(onDisk(root, folder), { encoding: 'buffer', withFileTypes: true })
    .map((found) => ({ name: found.name.toString('latin1'), kind: kindOf(found) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf(found: Dirent<Buffer>): Entry['kind'] {
  if (found.isDirectory()) return 'folder';
  return found.isFile() ? 'file' : 'other';
}
