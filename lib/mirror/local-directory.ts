import { access, constants, opendir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from '../base/coded-error.ts';
import { type Fault, fault } from '../base/fault.ts';
import { readProblem } from '../base/read-problem.ts';
import { realPath } from './real-path.ts';

/** The local folder, or what is wrong with it. */
export type LocalDirectory =
  | {
      /** Absolute, links resolved. */
      readonly path: string;
      readonly missing: boolean;
    }
  | { readonly fault: Fault };

/** The fault of a folder that is not there, where that is one. */
export function missingFolder(text: string): Fault {
  return fault('local_directory', 'there is no such folder', text);
}

/**
 * Find the local folder. That it is missing is told, not judged: it depends on the journal whose fault it is.
 *
 * @param text as the user wrote it
 * @param cwd where relative paths begin
 */
export async function findLocalDirectory(text: string, cwd: string): Promise<LocalDirectory> {
  try {
    const path = await realPath(resolve(cwd, text));
    if (!(await exists(path))) return { path, missing: true };
    if (!(await stat(path)).isDirectory()) return { fault: fault('local_directory', 'is not a folder', text) };
    // Tried, not asked: access(2) answers for the real user, and it is the effective one that will scan.
    await (await opendir(path)).close();
    await stat(`${path}/.`);
    return { path, missing: false };
  } catch (error) {
    return { fault: fault('local_directory', readProblem(error), text) };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return false;
  }
}
