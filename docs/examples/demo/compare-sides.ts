import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What lies in a folder: `folder` or the SHA-256 of the content, by path. */
export type Contents = ReadonlyMap<string, string>;

/** Read a folder, every file to its end. */
export function contentsOf(folder: string): Contents {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), entry.isDirectory() ? 'folder' : hashOf(path)];
    }),
  );
}

/** How many of the entries are files. */
export function countFiles(contents: Contents): number {
  return [...contents.values()].filter((content) => content !== 'folder').length;
}

/**
 * Make sure that two folders hold the same.
 *
 * @throws Error that tells how many entries differ, and the first of them
 */
export function assertEqual(near: Contents, far: Contents): void {
  const paths = [...new Set([...near.keys(), ...far.keys()])].sort();
  const different = paths.filter((path) => near.get(path) !== far.get(path));
  const [first] = different;
  if (first === undefined) return;
  const how = near.has(first) ? (far.has(first) ? 'differs' : 'is missing on the site') : 'is only on the site';
  throw new Error(`the two sides are not equal, ${different.length} entries differ: ${first} ${how}`);
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
