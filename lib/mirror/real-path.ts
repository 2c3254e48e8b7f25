import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../base/coded-error.ts';

/**
 * The path with its links resolved, as far as it exists; the rest is put behind as it is.
 *
 * So a folder has the same name while it is missing as when it was there.
 *
 * @param path absolute
 * @throws the system's error for anything but a missing part
 */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (codeOf(error) !== 'ENOENT' || parent === path) throw error;
    return join(await realPath(parent), basename(path));
  }
}
