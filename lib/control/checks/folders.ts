import { randomBytes } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../../base/coded-error.ts';
import type { Office } from '../actions/action.ts';
import type { Finding } from '../calls.ts';

/** Can files be written where they must be, and can only their owner read the secrets? */
export async function checkFolders({ folder, accounts }: Office): Promise<readonly Finding[]> {
  const { root, docs, log, accountsFile, configFile, lockFile } = folder;
  const users = accounts.users();
  const homes = users.map(({ name }) => accounts.homeOf(name));
  const mayWrite = users.some(({ permissions }) => permissions.includes('write'));
  return [
    await writable('folder of the users', docs, mayWrite),
    await writable('folder of the logs', log, true),
    await isPrivate('data folder', root),
    await isPrivate('accounts', accountsFile),
    await isPrivate('settings', configFile),
    await isPrivate('folder of the control socket', dirname(lockFile)),
    await homesAreFolders(homes),
  ];
}

/** @param isNeeded else it may lie on a disk that takes no changes */
async function writable(check: string, path: string, isNeeded: boolean): Promise<Finding> {
  // With a blank, which no user has in a name.
  const file = join(path, `.can it be written ${randomBytes(4).toString('hex')}`);
  try {
    await (await open(file, 'wx', 0o600)).close();
    return { check, isWell: true, message: `${path} can be written` };
  } catch (error) {
    const code = codeOf(error);
    const isWell = code === 'EROFS' && !isNeeded;
    return { check, isWell, message: `${path} cannot be written: the system says ${code}` };
  } finally {
    await rm(file, { force: true });
  }
}

async function isPrivate(check: string, path: string): Promise<Finding> {
  try {
    const { mode } = await lstat(path);
    // Windows keeps no such modes, and tells them all the same.
    if (process.platform === 'win32' || (mode & 0o077) === 0) {
      return { check, isWell: true, message: `only its owner can use ${path}` };
    }
    return { check, isWell: false, message: `others can use ${path}: take the right from them with chmod go=` };
  } catch (error) {
    return { check, isWell: false, message: `${path} cannot be looked at: the system says ${codeOf(error)}` };
  }
}

async function homesAreFolders(homes: readonly string[]): Promise<Finding> {
  const check = 'homes of the users';
  const wrong: string[] = [];
  for (const home of homes) {
    const stats = await lstat(home).catch(() => undefined);
    if (!stats?.isDirectory()) wrong.push(home);
  }
  if (wrong.length === 0) return { check, isWell: true, message: `${homes.length} folders` };
  return { check, isWell: false, message: `missing, or no folders: ${wrong.slice(0, 10).join(', ')}` };
}
