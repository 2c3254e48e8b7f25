import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** Is there such a file, of this size and, when given, time of last change in ms? */
export function isThere(share: string, name: string, size: number, mtimeMs?: number): boolean {
  const found: Stats | undefined = statSync(join(share, name), { throwIfNoEntry: false });
  if (found?.size !== size) return false;
  // Some keep nanoseconds, some milliseconds.
  return mtimeMs === undefined || Math.abs(found.mtimeMs - mtimeMs) < 2;
}

/** Tells whether a file has arrived as it is in a share now. */
export function arrivalOf(name: string, from: string, to: string): () => boolean {
  const { size, mtimeMs } = statSync(join(from, name));
  return () => isThere(to, name, size, mtimeMs);
}

/**
 * Tells whether all files of a folder with folders have arrived, by their names: everybody gives a file its name when it is whole.
 * It looks at the first folder that is not whole yet, which costs next to nothing.
 */
export function arrivalOfTree(from: string, to: string): () => boolean {
  const missing = readdirSync(from).map((folder) => ({
    path: join(to, folder),
    names: new Set(readdirSync(join(from, folder))),
  }));
  return () => {
    for (let [first] = missing; first !== undefined; [first] = missing) {
      const { path, names } = first;
      if (namesIn(path).filter((one) => names.has(one)).length < names.size) return false;
      missing.shift();
    }
    return true;
  };
}

/** Compare files by what is in them. @throws Error when one is not the same in both shares */
export function mustBeEqual(names: readonly string[], one: string, other: string): void {
  for (const name of names) {
    if (digestOf(join(one, name)) !== digestOf(join(other, name))) throw new Error(`${name} has another content`);
  }
}

/** The paths of all files below a folder, from its share. */
export function filesBelow(share: string, name: string): readonly string[] {
  return readdirSync(join(share, name), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(share.length + 1));
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    // It has not been made yet.
    return [];
  }
}

const block = Buffer.alloc(1024 ** 2);

/** Of files of any size: no file is in memory as a whole. */
function digestOf(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (let length = readSync(file, block); length > 0; length = readSync(file, block)) {
      hash.update(block.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
