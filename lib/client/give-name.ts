import { closeSync, lstatSync, openSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { codeOf } from '../base/coded-error.ts';
import { ClientError } from './client-error.ts';
import { localError } from './local-folder.ts';
import { shownName } from './output.ts';
import { otherFile } from './resume-guard.ts';

/** A file that is whole and gets its name. */
export interface Naming {
  /** Absolute local paths, in the same folder. */
  readonly from: string;
  readonly to: string;
  /** Milliseconds since 1970 (UTC); missing where it is not known. */
  readonly mtimeMs: number | undefined;
  /** May it take the place of another file? */
  readonly replaces: boolean;
}

/**
 * Give a file its time and its name.
 *
 * Whoever else makes a file of that name before is noticed: the name is taken first, by an empty file which only one can
 * make, and what is renamed takes the place of that. A link in place of it (link(2)) would do the same, but not on every disk.
 *
 * @throws ClientError E_OTHER_FILE when another file is there by now, E_LOCAL_FILE; it then keeps the name that it had
 */
export function giveName({ from, to, mtimeMs, replaces }: Naming): void {
  try {
    if (mtimeMs !== undefined) utimesSync(from, mtimeMs / 1000, mtimeMs / 1000);
    const isTaken = !replaces && takeName(to);
    try {
      renameSync(from, to);
    } catch (error) {
      if (isTaken) rmSync(to, { force: true });
      throw error;
    }
  } catch (error) {
    throw localError(`Cannot give ${shownName(to)} its name`, error);
  }
}

/** @returns whether there is a file now that was not; an empty one that was there holds nothing that could be lost */
function takeName(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const there = lstatSync(path);
    if (!there.isFile()) throw new ClientError('E_LOCAL_FILE', `${shownName(path)} is there, and is not a file`);
    if (there.size > 0) throw otherFile(shownName(path));
    return false;
  }
}
