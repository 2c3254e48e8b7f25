import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this demo was compiled in. */
export const packageRoot = fileURLToPath(new URL('../../../../', import.meta.url));

// Real files of many sizes that every checkout has. The floors of the mirror stand first: changeFolder counts on some of
// them. The package fills up what is missing.
const FLOORS = ['accounts', 'base', 'far', 'files', 'ftp', 'mirror', 'pool', 'sync', 'transfer'];
const SOURCES = [...FLOORS.map((floor) => `lib/${floor}`), 'bin', 'docs', 'spec', 'node_modules/basic-ftp'];
const MOST_FILES = 300;

/** Fill a folder with copies of this package's own files, folders and all. */
export function fillNearFolder(near: string): void {
  const files = SOURCES.flatMap((source) => filesIn(join(packageRoot, source))).slice(0, MOST_FILES);
  for (const file of files) {
    const copy = join(near, relative(packageRoot, file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

/** Absolute paths of all files in a folder and below it, sorted. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
