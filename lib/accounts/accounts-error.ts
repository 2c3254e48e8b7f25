import { CodedError } from '../base/coded-error.ts';

/**
 * E_ACCOUNT_NAME: no name for an account · E_PASSWORD: no password that a client could send · E_ACCOUNT_EXISTS: there is
 * such a user already, capitals or not · E_ACCOUNT_MISSING: there is no such user · E_ACCOUNTS_FILE: the file is there and
 * cannot be used, or cannot be read · E_ACCOUNTS_SAVE: the file, or a user's folder, cannot be written · E_HOME_LEFT: a user
 * was removed, but not all of the files.
 */
export type AccountsErrorCode =
  | 'E_ACCOUNT_NAME'
  | 'E_PASSWORD'
  | 'E_ACCOUNT_EXISTS'
  | 'E_ACCOUNT_MISSING'
  | 'E_ACCOUNTS_FILE'
  | 'E_ACCOUNTS_SAVE'
  | 'E_HOME_LEFT';

/** Why accounts cannot be read or changed. */
export class AccountsError extends CodedError<AccountsErrorCode> {
  override readonly name: string = 'AccountsError';
}
