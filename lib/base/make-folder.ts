import { closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './coded-error.ts';

// Some file systems cannot sync a folder (EINVAL), and Windows cannot even open one.
const NO_SYNC_OF_FOLDERS: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EPERM', 'EACCES', 'EISDIR']);

/**
 * Make a folder for its owner only, and those it lies in, where they are missing.
 *
 * They are on the disk then: a power failure would otherwise take along all that is in them, synced or not.
 */
export function makeFolder(folder: string): void {
  for (const made of makeMissing(resolve(folder)).reverse()) syncFolder(dirname(made));
}

/**
 * Node's own way (`recursive`) never ends where a folder that is there says that it is not, as /proc does.
 *
 * @returns those that were made, the outermost first
 */
function makeMissing(folder: string): string[] {
  const above = dirname(folder);
  if (isFolder(folder)) return [];
  const made = existsSync(above) ? [] : makeMissing(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return [...made, folder];
  } catch (error) {
    // Somebody else may have made it just now.
    if (isFolder(folder)) return made;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Bring the names in a folder onto the disk. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, constants.O_RDONLY);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!isUnsyncable(error)) throw error;
  }
}

/** Does this error say no more than that the names in a folder cannot be brought onto this disk? */
export function isUnsyncable(error: unknown): boolean {
  return NO_SYNC_OF_FOLDERS.has(codeOf(error));
}
