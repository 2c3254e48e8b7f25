import { showText } from '../base/show-text.ts';
import { AccountsError } from './accounts-error.ts';

// A name is that of a folder as well, and a word on command lines and in logs.
const NAME = /^[A-Za-z0-9._@+-]{1,64}$/;

// A command line of FTP ends at CR or LF, and nobody types more.
const PASSWORD = /^[^\r\n\0]{1,512}$/u;

/** What {@link isAccountName} takes, in words. */
export const ACCOUNT_NAME_RULE = 'must be 1 to 64 letters a to z, digits or any of . _ - @ +, and not . or ..';

/** Can an account have this name? */
export function isAccountName(name: string): boolean {
  return NAME.test(name) && name !== '.' && name !== '..';
}

/** @throws AccountsError E_ACCOUNT_NAME */
export function mustBeAccountName(name: string): void {
  if (isAccountName(name)) return;
  throw new AccountsError('E_ACCOUNT_NAME', `The name "${showText(name)}" ${ACCOUNT_NAME_RULE}`);
}

/** @throws AccountsError E_PASSWORD; the message does not show it */
export function mustBePassword(password: string): void {
  if (PASSWORD.test(password)) return;
  throw new AccountsError('E_PASSWORD', 'A password must be 1 to 512 characters, without a line end or NUL');
}

/**
 * Make sure that nobody has a name, or one that differs from it in capitals only: on disks such as those of macOS and Windows
 * the homes of both would be one folder.
 *
 * @throws AccountsError E_ACCOUNT_EXISTS
 */
export function mustBeFree(name: string, taken: Iterable<string>): void {
  for (const other of taken) if (other.toLowerCase() === name.toLowerCase()) throw isTaken(other);
}

/** The same of many names: a name may come twice. @throws AccountsError E_ACCOUNT_EXISTS */
export function mustHaveOwnHomes(names: Iterable<string>): void {
  const known = new Map<string, string>();
  for (const name of names) {
    const other = known.get(name.toLowerCase()) ?? name;
    if (other !== name) throw isTaken(other);
    known.set(name.toLowerCase(), name);
  }
}

function isTaken(name: string): AccountsError {
  return new AccountsError('E_ACCOUNT_EXISTS', `There is a user ${name} already`);
}
