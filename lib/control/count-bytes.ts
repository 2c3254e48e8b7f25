import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../base/coded-error.ts';

/**
 * What all files below a folder take, in bytes; links are not followed. No folder, no bytes.
 *
 * @throws the system's error when a folder cannot be read
 */
export async function countBytes(folder: string): Promise<number> {
  const folders = [folder];
  let total = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for await (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) total += await sizeOf(path);
    }
  }
  return total;
}

async function* entriesOf(folder: string) {
  try {
    yield* await opendir(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    // Removed since its folder was read.
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}
