import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../ftp/site.ts';

/** What is kept equal: a folder here and a folder there. */
export interface Pair {
  readonly site: Pick<Site, 'protocol' | 'host' | 'port' | 'user' | 'directory'>;
  /** Absolute path of the near folder. */
  readonly localRoot: string;
}

/** What tells a pair from every other, as one line of text. No secret goes in. */
export function identityOf({ site, localRoot }: Pair): string {
  const { protocol, host, port, user, directory } = site;
  // The root of the site is not the folder one is in after the login, which is the empty one.
  const folder = directory.replace(/\/+$/, '') || directory.slice(0, 1);
  return JSON.stringify({ protocol, host: host.toLowerCase(), port, user, directory: folder, localRoot });
}

/** A short name for a pair: 64 bits of its identity, in hexadecimal. */
export function pairIdOf(pair: Pair): string {
  return createHash('sha256').update(identityOf(pair)).digest('hex').slice(0, 16);
}

// Enough for a reader to know the host again; a name of a file may have 255 bytes, that of a host about as many.
const HOST_IN_NAME = 60;

/** Where the journal of a pair lies below the state folder. */
export function journalFileOf(stateFolder: string, pair: Pair): string {
  return `${fileOf(stateFolder, pair)}.journal`;
}

/** Where it says which process works on a pair. */
export function lockFileOf(stateFolder: string, pair: Pair): string {
  return `${fileOf(stateFolder, pair)}.lock`;
}

/** Where the process that works on a pair says how many of its workers do; to be written only with the lock. */
export function headCountFileOf(stateFolder: string, pair: Pair): string {
  return `${fileOf(stateFolder, pair)}.working`;
}

function fileOf(stateFolder: string, pair: Pair): string {
  const host = pair.site.host.toLowerCase().replace(/[^\w.-]/g, '_');
  return join(stateFolder, `${host.slice(0, HOST_IN_NAME)}-${pairIdOf(pair)}`);
}

/** Has this pair been mirrored before, as far as this machine remembers? */
export function hasJournal(stateFolder: string, pair: Pair): boolean {
  return existsSync(journalFileOf(stateFolder, pair));
}
