import type { BigIntStats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../base/coded-error.ts';
import type { EntryFacts } from '../ftp/listing-lines.ts';
import { isUsableName } from './virtual-path.ts';

/** What the disk says of an entry; what may be done with it depends on the account. */
export type Entry = Omit<EntryFacts, 'perm'>;

// Enough to keep the threads that ask the disk busy, and little memory however large the folder is.
const AT_ONCE = 64;

/** An entry from its stat, links not followed. */
export function describeEntry(name: string, stats: BigIntStats): Entry {
  return {
    name,
    kind: kindOf(stats),
    size: Number(stats.size),
    // To the nearest millisecond: a time set as .123 comes back from the system as .122999906.
    mtimeMs: Math.round(Number(stats.mtimeNs) / 1e6),
    mode: Number(stats.mode),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    unique: `${stats.dev.toString(16)}U${stats.ino.toString(16)}`,
  };
}

/**
 * What is in a folder of this machine, some entries at a time.
 *
 * Left out are names that no client could ask for (with CR or LF, or not UTF-8) and what is gone by the time it is
 * looked at.
 */
export async function* entriesOf(real: string): AsyncGenerator<readonly Entry[]> {
  let names: string[] = [];
  for await (const { name } of await opendir(real, { bufferSize: AT_ONCE })) {
    if (isUsableName(name)) names.push(name);
    if (names.length < AT_ONCE) continue;
    yield await entriesAt(real, names);
    names = [];
  }
  yield await entriesAt(real, names);
}

async function entriesAt(real: string, names: readonly string[]): Promise<readonly Entry[]> {
  const entries = await Promise.all(names.map((name) => entryAt(join(real, name), name)));
  return entries.filter((entry) => entry !== undefined);
}

async function entryAt(path: string, name: string): Promise<Entry | undefined> {
  try {
    return describeEntry(name, await lstat(path, { bigint: true }));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function kindOf(stats: BigIntStats): Entry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
