import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { AccountsError } from './accounts-error.ts';

// No account can have a blank in its name. What an operator called nearly so is not taken for it.
const ASIDE = '.removed ';
const IS_ASIDE = /^\.removed [0-9a-f]{16}$/;

/**
 * Make the home of a user; one that is there already is taken as it is. Not the folder it lies in: where that is missing, a
 * disk may not be mounted.
 *
 * @param mode permission bits
 * @returns whether it was made
 * @throws AccountsError E_ACCOUNTS_SAVE
 */
export async function makeHome(home: string, mode: number): Promise<boolean> {
  try {
    await mkdir(home, mode);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    const message = `Cannot make the folder ${home}: ${codeOf(cause) ?? messageOf(cause)}; nothing was changed`;
    throw new AccountsError('E_ACCOUNTS_SAVE', message, { cause, retry: hasNoRoom(cause) });
  }
}

/**
 * Give the home of a user who was removed a name that no account can have: whoever gets the user's name gets a new one.
 *
 * @returns where it lies now, to be removed by {@link removeHome}; `undefined` when there was none
 * @throws AccountsError E_HOME_LEFT
 */
export async function setHomeAside(home: string): Promise<string | undefined> {
  const aside = join(dirname(home), `${ASIDE}${randomBytes(8).toString('hex')}`);
  try {
    await rename(home, aside);
    return aside;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw homeLeft(home, cause);
  }
}

/**
 * Remove a home that was set aside, with all that is in it; of links only themselves.
 *
 * @throws AccountsError E_HOME_LEFT
 */
export async function removeHome(aside: string): Promise<void> {
  try {
    // Sessions of the user are just being broken off: what one of them still makes meanwhile is looked for again.
    await rm(aside, { recursive: true, force: true, maxRetries: 3 });
  } catch (cause) {
    throw homeLeft(aside, cause);
  }
}

/**
 * Remove the homes that were set aside and are there still, since the process was ended meanwhile.
 *
 * @param docs the folder of the homes
 * @returns how many were removed
 * @throws AccountsError E_HOME_LEFT; an error of the system when the folder cannot be read
 */
export async function removeHomesLeft(docs: string): Promise<number> {
  const left = (await readdir(docs)).filter((name) => IS_ASIDE.test(name));
  for (const name of left) await removeHome(join(docs, name));
  return left.length;
}

function homeLeft(home: string, cause: unknown): AccountsError {
  const why = codeOf(cause) ?? messageOf(cause);
  const message = `The files of a user who was removed are left in ${home}: the system says ${why}; remove them yourself`;
  return new AccountsError('E_HOME_LEFT', message, { cause });
}
