import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { codeOf } from '../base/coded-error.ts';

// Transfers need the four threads that ask the disk as well: they are to wait for a few of these at most.
const AT_ONCE = 8;

const SLASH = Buffer.from('/');

/** The file itself, under whatever name it is reached. */
export function fileKey({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/**
 * What the regular files below a folder of this machine hold, in bytes. Links are not followed, and a file of several names
 * counts once.
 *
 * @param leftOut files that do not count, by {@link fileKey}
 * @param signal ends it soon
 * @throws an error of the system where a folder cannot be read: a smaller number would be a wrong one; the reason of the signal
 */
export async function countFiles(
  folder: string,
  leftOut: ReadonlySet<string> = new Set(),
  signal?: AbortSignal,
): Promise<number> {
  const counted = new Set(leftOut);
  // As bytes: names that are not UTF-8 count, too.
  const folders: Buffer[] = [Buffer.from(folder)];
  let bytes = 0;
  for (const place of folders) {
    const names = await namesIn(place);
    for (let at = 0; at < names.length; at += AT_ONCE) {
      signal?.throwIfAborted();
      const paths = names.slice(at, at + AT_ONCE).map((name) => Buffer.concat([place, SLASH, name]));
      for (const [path, stats] of await Promise.all(paths.map(entryAt))) {
        if (stats?.isDirectory()) folders.push(path);
        if (!stats?.isFile() || counted.has(fileKey(stats))) continue;
        if (stats.nlink > 1n) counted.add(fileKey(stats));
        bytes += Number(stats.size);
      }
    }
  }
  return bytes;
}

async function namesIn(folder: Buffer): Promise<readonly Buffer[]> {
  try {
    return await readdir(folder, { encoding: 'buffer' });
  } catch (error) {
    return ignoringMissing(error, []);
  }
}

async function entryAt(path: Buffer): Promise<readonly [path: Buffer, stats: BigIntStats | undefined]> {
  try {
    return [path, await lstat(path, { bigint: true })];
  } catch (error) {
    return ignoringMissing(error, [path, undefined]);
  }
}

/** Others may remove what is being looked at. */
function ignoringMissing<Value>(error: unknown, instead: Value): Value {
  if (codeOf(error) === 'ENOENT') return instead;
  throw error;
}
