import { access, constants, stat } from 'node:fs/promises';
import { AccountFile } from '../accounts/account-file.ts';
import { codeOf } from '../base/coded-error.ts';
import { readProblem } from '../base/read-problem.ts';
import { Certificate } from './certificate.ts';
import { refuseDemoFromOutside } from './demo-accounts.ts';
import { OperationError } from './operation-error.ts';
import type { ServerParameters } from './server-parameters.ts';

/**
 * Make sure that a server could be started, as far as that can be told without starting it or disturbing one that runs.
 *
 * @returns what it could not do, if there is something
 * @throws AccountsError, OperationError
 */
export async function checkServer({ folder, values }: ServerParameters): Promise<string | undefined> {
  await new Certificate().read(folder, values);
  const accounts = await AccountFile.open(folder);
  await refuseDemoFromOutside(values.listen, accounts);
  await mustBeUsable(folder.log, constants.W_OK);
  await mustBeUsable(folder.docs);
  return writeProblem(folder.docs);
}

/**
 * Make sure that a folder is there, and can be read.
 *
 * @param more what else must be allowed there
 * @throws OperationError E_DATA_FOLDER
 */
export async function mustBeUsable(folder: string, more = 0): Promise<void> {
  const refused = (why: string, cause?: unknown) =>
    new OperationError('E_DATA_FOLDER', `${folder} cannot be used: ${why}`, { cause });
  const stats = await stat(folder).catch((cause: unknown) => {
    throw refused(readProblem(cause), cause);
  });
  if (!stats.isDirectory()) throw refused('it is no folder');
  await access(folder, constants.R_OK | constants.X_OK | more).catch((cause: unknown) => {
    throw refused(readProblem(cause), cause);
  });
}

/**
 * Files to be downloaded may lie on a disk that takes no changes: no reason not to serve them.
 *
 * @returns what cannot be done with the folder of the users, if there is something
 */
export async function writeProblem(docs: string): Promise<string | undefined> {
  const error = await access(docs, constants.W_OK).then(() => undefined, codeOf);
  if (error === undefined) return undefined;
  const what = error === 'EROFS' ? 'users can only download' : 'no home of a user can be made or removed';
  return `${docs} cannot be written, the system says ${error}: ${what}`;
}
