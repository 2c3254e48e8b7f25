import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DataFolder, dataFolderAt } from '../accounts/data-folder.ts';
import { codeOf } from '../base/coded-error.ts';
import { type Fault, fault } from '../base/fault.ts';
import { readProblem } from '../base/read-problem.ts';
import { readSecretFile } from '../base/read-secret-file.ts';
import { showText } from '../base/show-text.ts';
import type { AdministratorLogin } from '../control/control-client.ts';
import { type AdminValues, DATA_VARIABLE, PASSWORD_VARIABLE } from './admin-options.ts';
import type { Surroundings } from './surroundings.ts';

/** Which server, and how to prove that one is its administrator. */
export type FoundLogin =
  | {
      readonly kind: 'login';
      readonly folder: DataFolder;
      readonly login: AdministratorLogin;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[]; readonly warnings: readonly string[] };

/**
 * Find the data folder, and the administrator's password: in `--admin-password-file`, the environment, or by asking.
 *
 * Nothing is asked when there are faults already.
 *
 * @param before faults that are known
 */
export async function findLogin(
  values: AdminValues,
  before: readonly Fault[],
  surroundings: Surroundings,
): Promise<FoundLogin> {
  const folder = dataFolderAt(resolve(surroundings.cwd, values.data ?? ''));
  const faults = [...before, ...folderFaults(values.data, folder)];
  if (faults.length > 0) return { kind: 'faults', faults, warnings: [] };
  const name = values.admin;
  const { secret, warnings = [], faults: refused = [] } = await findPassword(values, surroundings);
  if (secret === undefined) return { kind: 'faults', faults: refused, warnings };
  return { kind: 'login', folder, login: { name, password: secret }, warnings };
}

function folderFaults(given: string | undefined, { root, accountsFile }: DataFolder): readonly Fault[] {
  if (given === undefined) {
    return [fault('--data', `is missing: name the data folder of the server, also in ${DATA_VARIABLE}`)];
  }
  // Looked for before anything is made or locked in a folder that is somebody else's.
  try {
    statSync(accountsFile);
    return [];
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
    const rule = isMissing
      ? 'is no data folder of a server: ftp-server.js init makes one'
      : `cannot be looked into: ${readProblem(error)}`;
    return [fault('--data', rule, root)];
  }
}

interface FoundPassword {
  readonly secret?: string;
  readonly warnings?: readonly string[];
  readonly faults?: readonly Fault[];
}

async function findPassword(values: AdminValues, surroundings: Surroundings): Promise<FoundPassword> {
  const file = values['admin-password-file'];
  if (file !== undefined) return passwordIn(resolve(surroundings.cwd, file), surroundings.platform);
  const inEnvironment = surroundings.environment[PASSWORD_VARIABLE];
  if (inEnvironment) return { secret: inEnvironment };
  const answer = await surroundings.askSecret?.(`Password of ${showText(values.admin)}: `);
  if (answer) return { secret: answer };
  const ways = `use --admin-password-file, ${PASSWORD_VARIABLE} or a terminal`;
  return { faults: [fault('password', `no password of the administrator: ${ways}`)] };
}

async function passwordIn(path: string, platform: NodeJS.Platform): Promise<FoundPassword> {
  const label = '--admin-password-file';
  try {
    const { text, othersCanRead } = await readSecretFile(path, platform);
    const line = text?.split(/\r?\n/, 1)[0];
    if (!line) return { faults: [fault(label, 'gives no password in its first line', path)] };
    const open = `Other users of this machine can read ${showText(path)}: take the right from them with chmod go=`;
    return { secret: line, warnings: othersCanRead ? [open] : [] };
  } catch (error) {
    return { faults: [fault(label, `cannot be read: ${readProblem(error)}`, path)] };
  }
}
