import { access, constants, stat } from 'node:fs/promises';
import { AccountFile } from '../accounts/account-file.ts';
import { readProblem } from '../base/read-problem.ts';
import { Certificate } from './certificate.ts';
import { refuseDemoFromOutside } from './demo-accounts.ts';
import { OperationError } from './operation-error.ts';
import type { ServerParameters } from './server-parameters.ts';

/**
 * Make sure that a server could be started, as far as that can be told without starting it or disturbing one that runs.
 *
 * @throws AccountsError, OperationError
 */
export async function checkServer({ folder, values }: ServerParameters): Promise<void> {
  await new Certificate().read(folder, values);
  const accounts = await AccountFile.open(folder);
  await refuseDemoFromOutside(values.listen, accounts);
  for (const needed of [folder.docs, folder.log]) await mustBeUsable(needed);
}

/**
 * Make sure that a folder is there, and can be written.
 *
 * @throws OperationError E_DATA_FOLDER
 */
export async function mustBeUsable(folder: string): Promise<void> {
  const refused = (why: string, cause?: unknown) =>
    new OperationError('E_DATA_FOLDER', `${folder} cannot be used: ${why}`, { cause });
  const stats = await stat(folder).catch((cause: unknown) => {
    throw refused(readProblem(cause), cause);
  });
  if (!stats.isDirectory()) throw refused('it is no folder');
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw refused(readProblem(cause), cause);
  });
}
