import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FileLock, LockError } from '../base/file-lock.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { FarVersion } from './shell-entries.ts';
import { temporaryName } from './temporary-name.ts';

/** What is fetched to where. */
export interface Fetched {
  /** Absolute far path. */
  readonly far: string;
  readonly version: FarVersion;
  /** Absolute local path. */
  readonly target: string;
  /** Tells the temporary names of one mirror, or of one user's client, from those of others. */
  readonly pairId: string;
}

/** Where a file is fetched to before it gets its name. */
export interface FetchPlace {
  /** Absolute local path, in the folder of the target. */
  readonly temporary: string;
  /** Does the next try for the same version come to the same place? Then what is there may stay for it. */
  readonly isKept: boolean;
  /** Let others have it. */
  release(): void;
}

/**
 * Find a place for a file that nobody else writes to.
 *
 * @param isKept is it worth to go on from what is there when this try breaks off? Its place then has a name that tells site,
 *   file and version, so that a part never meets another file's, and a lock, since two programs that go on from the same part
 *   would leave a hole in it. Where somebody else holds that, and for all other files, the name is one that nobody knows
 * @throws TransferError E_TARGET when there is no folder for it
 */
export function takePlace(fetched: Fetched, isKept: boolean): FetchPlace {
  const folder = dirname(fetched.target);
  assertFolder(folder);
  if (isKept) {
    const temporary = join(folder, nameFor(fetched, ''));
    const lock = lockOf(temporary);
    if (lock) return { temporary, isKept, release: () => lock.release() };
  }
  const temporary = join(folder, nameFor(fetched, `\0${randomBytes(8).toString('hex')}`));
  return { temporary, isKept: false, release: () => undefined };
}

function nameFor({ far, version, target, pairId }: Fetched, extra: string): string {
  const { size = -1, mtimeMs = -1 } = version;
  // FTP tells whole seconds, listings now and then more.
  const known = { size, mtimeMs: Math.floor(mtimeMs / 1000) };
  return temporaryName(pairId, `${far}\0${basename(target)}${extra}`, known);
}

function lockOf(temporary: string): FileLock | undefined {
  try {
    return FileLock.takeBriefly(`${temporary}.lock`);
  } catch (error) {
    if (error instanceof LockError) return undefined;
    throw error;
  }
}

function assertFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new TransferError('E_TARGET', `There is no folder ${folder} to put the file in`);
}
