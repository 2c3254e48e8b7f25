import { closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs';
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
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = resolve(folder); made !== dirname(made); made = dirname(made)) {
    syncFolder(dirname(made));
    if (made === resolve(first)) return;
  }
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
