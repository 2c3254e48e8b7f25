import { constants } from 'node:fs';
import { chmod, open } from 'node:fs/promises';
import { ServerError } from './server-error.ts';

// Linux: a handle for the entry itself, which needs no right to read it and opens no device. Node has no name for it.
const O_PATH = 0o10_000_000;
const isLinux = process.platform === 'linux';
const HANDLE_ONLY = isLinux ? O_PATH : constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Set the rights of a file or folder, never of what a link leads to.
 *
 * @param path on this machine
 * @param mode nine bits
 */
export async function setMode(path: string, mode: number): Promise<void> {
  const entry = await open(path, HANDLE_ONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const stats = await entry.stat();
    if (!stats.isFile() && !stats.isDirectory()) throw new ServerError('E_NOT_FILE', 'Not a regular file');
    // There is no fchmod for such a handle; its name in /proc leads to the entry and nowhere else.
    if (isLinux) await chmod(`/proc/self/fd/${entry.fd}`, mode);
    else await entry.chmod(mode);
  } finally {
    await entry.close();
  }
}
