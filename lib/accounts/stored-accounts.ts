import { showText } from '../base/show-text.ts';
import type { AccountLimits, Permission } from './account.ts';
import { ACCOUNT_NAME_RULE, isAccountName } from './account-name.ts';
import { isPasswordHash } from './password.ts';

/** Somebody with a password: of the administrator nothing else is known. */
export interface StoredLogin {
  readonly name: string;
  /** As PasswordHasher makes it. */
  readonly hash: string;
}

/** All that is known of a user. */
export interface StoredUser extends StoredLogin {
  /** In bytes; `null` for as much as there is. */
  readonly quotaBytes: number | null;
  readonly permissions: readonly Permission[];
  readonly isEnabled: boolean;
  readonly limits: AccountLimits;
  /** Milliseconds since 1970 (UTC). */
  readonly createdMs: number;
  readonly lastLoginMs: number | null;
}

/** What the file of accounts says. Never changed: a change makes another. */
export interface StoredAccounts {
  readonly administrator: StoredLogin;
  /** By name. */
  readonly users: ReadonlyMap<string, StoredUser>;
}

type Fields = Readonly<Record<string, unknown>>;

/** The same accounts with these users, in place of those of the same names. */
export function withUsers(accounts: StoredAccounts, ...users: readonly StoredUser[]): StoredAccounts {
  return { ...accounts, users: new Map([...accounts.users, ...users.map((user) => [user.name, user] as const)]) };
}

/** Accounts as the text of their file. */
export function formatAccounts({ administrator, users }: StoredAccounts): string {
  const content = {
    version: 1,
    administrator: { name: administrator.name, password: administrator.hash },
    users: [...users.values()].map(({ name, hash, quotaBytes, permissions, isEnabled, limits, ...times }) => ({
      name,
      password: hash,
      quota: quotaBytes,
      permissions,
      enabled: isEnabled,
      limits,
      created: new Date(times.createdMs).toISOString(),
      lastLogin: times.lastLoginMs === null ? null : new Date(times.lastLoginMs).toISOString(),
    })),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/**
 * Accounts from the text of their file.
 *
 * Whatever is not understood is a fault, an unknown word too: it would be lost with the next save.
 *
 * @throws Error whose message says what is wrong, without a password
 */
export function parseAccounts(text: string): StoredAccounts {
  const { version, administrator, users: list, ...unknown } = fieldsOf(json(text), 'the file');
  // Before all else: nothing can be said of what a later version means.
  if (version !== 1) fail(`it is of version ${JSON.stringify(version)}, and this program knows only version 1`);
  mustBeNone(unknown, 'the file');
  if (!Array.isArray(list)) fail('users must be a list');
  const users = new Map<string, StoredUser>();
  for (const [index, value] of list.entries()) {
    const user = readUser(value, `users[${index}]`);
    if (users.has(user.name)) fail(`there are two users ${user.name}`);
    users.set(user.name, user);
  }
  return { administrator: readLogin(administrator, 'administrator'), users };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would show a piece of the text, which holds secrets.
    return fail('it is no JSON');
  }
}

function readUser(value: unknown, where: string): StoredUser {
  const { quota, permissions, enabled, limits, created, lastLogin, ...login } = fieldsOf(value, where);
  if (quota !== null && !isCount(quota)) fail(`${where}.quota must be a number of bytes, or null`);
  if (!isListOf(permissions, isPermission)) fail(`${where}.permissions must be a list of "read" and "write"`);
  if (typeof enabled !== 'boolean') fail(`${where}.enabled must be true or false`);
  return {
    ...readLogin(login, where),
    quotaBytes: quota,
    permissions,
    isEnabled: enabled,
    limits: readLimits(limits, `${where}.limits`),
    createdMs: readTime(created, `${where}.created`),
    lastLoginMs: lastLogin === null ? null : readTime(lastLogin, `${where}.lastLogin`),
  };
}

function readLogin(value: unknown, where: string): StoredLogin {
  const { name, password, ...unknown } = fieldsOf(value, where);
  mustBeNone(unknown, where);
  if (!isText(name) || !isAccountName(name)) fail(`${where}.name ${ACCOUNT_NAME_RULE}`);
  if (!isText(password) || !isPasswordHash(password)) fail(`${where}.password must be a hash of this program`);
  return { name, hash: password };
}

function readLimits(value: unknown, where: string): AccountLimits {
  const { addresses, ...numbers } = fieldsOf(value, where);
  const { sessions, uploadBytesPerSecond, downloadBytesPerSecond, ...unknown } = numbers;
  mustBeNone(unknown, where);
  for (const [name, number] of Object.entries({ sessions, uploadBytesPerSecond, downloadBytesPerSecond })) {
    if (number !== undefined && !isCount(number)) fail(`${where}.${name} must be a whole number`);
  }
  if (addresses !== undefined && !isListOf(addresses, isText)) fail(`${where}.addresses must be a list of addresses`);
  // What is undefined is not in what JSON holds.
  return value as AccountLimits;
}

function readTime(value: unknown, where: string): number {
  const ms = isText(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? fail(`${where} must be a time such as 2026-11-21T08:00:00.000Z`) : ms;
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  return fail(`${where} must be an object`);
}

function mustBeNone(unknown: Fields, where: string): void {
  const [name] = Object.keys(unknown);
  if (name !== undefined) fail(`${where} has "${showText(name)}", which is not known here`);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPermission(value: unknown): value is Permission {
  return value === 'read' || value === 'write';
}

function isListOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}

function fail(problem: string): never {
  throw new Error(problem);
}
