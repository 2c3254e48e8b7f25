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
