import { lstatSync, readdirSync, type Stats } from 'node:fs';

/** What was met on the disk. */
export interface Entry {
  /** Below the root, parts joined by `/`, one character for each byte (latin1): names need not be valid UTF-8. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly stats: Stats;
}

/** Everything below a folder, a folder before what is in it, in the order of the bytes of the names. */
export function entriesBelow(root: string): readonly Entry[] {
  const entries: Entry[] = [];
  const visit = (folder: string) => {
    for (const name of namesIn(root, folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const stats = lstatSync(onDisk(root, path));
      const kind = stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other';
      entries.push({ path, kind, stats });
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

function namesIn(root: string, folder: string): readonly string[] {
  const names = readdirSync(onDisk(root, folder), { encoding: 'buffer' });
  return names.map((name) => name.toString('latin1')).sort();
}
