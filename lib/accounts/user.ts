import { showText } from '../base/show-text.ts';
import type { Account } from './account.ts';
import { AccountsError } from './accounts-error.ts';
import type { StoredAccounts, StoredUser } from './stored-accounts.ts';

/** A user as the administrator sees it: plain JSON values, without the password. */
export type User = Omit<StoredUser, 'hash'>;

/** What the administrator may set of a user. */
export type UserSettings = Pick<User, 'quotaBytes' | 'permissions' | 'isEnabled' | 'limits'>;

// The group may read what users store, strangers nothing: 0640 and 0750.
const UMASK = 0o027;

/** Permission bits of a user's home. */
export const HOME_MODE = 0o777 & ~UMASK;

/** The account that lets a user in. */
export function accountOf({ name, permissions, quotaBytes, limits, createdMs }: StoredUser, home: string): Account {
  const account = { name, home, permissions, limits, createdMs, umask: UMASK, makesHome: true };
  return quotaBytes === null ? account : { ...account, quotaBytes };
}

/** @throws AccountsError E_ACCOUNT_MISSING */
export function existingUser({ users }: StoredAccounts, name: string): StoredUser {
  const user = users.get(name);
  if (user !== undefined) return user;
  throw new AccountsError('E_ACCOUNT_MISSING', `There is no user "${showText(name)}"`);
}

/**
 * The same accounts without a user.
 *
 * @throws AccountsError E_ACCOUNT_MISSING
 */
export function withoutUser(accounts: StoredAccounts, name: string): StoredAccounts {
  existingUser(accounts, name);
  return { ...accounts, users: new Map([...accounts.users].filter(([other]) => other !== name)) };
}
