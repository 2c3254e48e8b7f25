import type { AccountLimits, Permission } from '../accounts/account.ts';
import { isAddressBlock } from '../accounts/address-block.ts';
import { showText } from '../base/show-text.ts';
import type { UserChanges } from './calls.ts';
import { ControlError } from './control-error.ts';
import { isObject } from './messages.ts';

type Fields = Readonly<Record<string, unknown>>;

const PERMISSIONS: readonly Permission[] = ['read', 'write'];

// A log is looked at, not copied.
const MOST_LINES = 10_000;

/** What no call needs. */
export function readNothing(asked: unknown): Readonly<Record<never, never>> {
  fieldsOf(asked, []);
  return {};
}

/** What most calls about a user need. */
export function readName(asked: unknown): { readonly name: string } {
  return { name: textOf(fieldsOf(asked, ['name']), 'name') };
}

export function readNameAndPassword(asked: unknown): { readonly name: string; readonly password: string } {
  const fields = fieldsOf(asked, ['name', 'password']);
  return { name: textOf(fields, 'name'), password: textOf(fields, 'password') };
}

export function readPassword(asked: unknown): { readonly password: string } {
  return { password: textOf(fieldsOf(asked, ['password']), 'password') };
}

export function readRemoval(asked: unknown): { readonly name: string; readonly purge: boolean } {
  const fields = fieldsOf(asked, ['name', 'purge']);
  return { name: textOf(fields, 'name'), purge: flagOf(fields, 'purge') ?? false };
}

export function readKick(asked: unknown): { readonly id: number } | { readonly user: string } {
  const fields = fieldsOf(asked, ['id', 'user']);
  if (fields['id'] === undefined) return { user: textOf(fields, 'user') };
  return { id: countOf(fields, 'id', Number.MAX_SAFE_INTEGER) };
}

export function readLogQuestion(asked: unknown): { readonly lines: number; readonly user?: string } {
  const fields = fieldsOf(asked, ['lines', 'user']);
  const lines = countOf(fields, 'lines', MOST_LINES);
  return fields['user'] === undefined ? { lines } : { lines, user: textOf(fields, 'user') };
}

export function readAccounts(asked: unknown): { readonly accounts: unknown } {
  return { accounts: fieldsOf(asked, ['accounts'])['accounts'] };
}

const CHANGES = ['permissions', 'isEnabled', 'quotaBytes', 'limits'];

export function readNewUser(asked: unknown): UserChanges & { readonly name: string; readonly password: string } {
  const fields = fieldsOf(asked, ['name', 'password', ...CHANGES]);
  return { name: textOf(fields, 'name'), password: textOf(fields, 'password'), ...changesIn(fields) };
}

export function readChange(asked: unknown): UserChanges & { readonly name: string } {
  const fields = fieldsOf(asked, ['name', ...CHANGES]);
  return { name: textOf(fields, 'name'), ...changesIn(fields) };
}

function changesIn(fields: Fields): UserChanges {
  const isEnabled = flagOf(fields, 'isEnabled');
  return {
    ...(fields['permissions'] === undefined ? {} : { permissions: permissionsOf(fields['permissions']) }),
    ...(isEnabled === undefined ? {} : { isEnabled }),
    ...(fields['quotaBytes'] === undefined ? {} : { quotaBytes: amountOrNull(fields, 'quotaBytes') }),
    ...(fields['limits'] === undefined ? {} : { limits: limitsOf(fields['limits']) }),
  };
}

type LimitChanges = NonNullable<UserChanges['limits']>;

const LIMITS: readonly (keyof AccountLimits)[] = [
  'sessions',
  'uploadBytesPerSecond',
  'downloadBytesPerSecond',
  'addresses',
];

function limitsOf(value: unknown): LimitChanges {
  const fields = fieldsOf(value, LIMITS);
  const numbers = LIMITS.filter((name) => name !== 'addresses' && fields[name] !== undefined);
  return {
    ...Object.fromEntries(numbers.map((name) => [name, amountOrNull(fields, name, 1)])),
    ...(fields['addresses'] === undefined ? {} : { addresses: blocksOrNull(fields['addresses']) }),
  };
}

function blocksOrNull(value: unknown): readonly string[] | null {
  const blocks = textsOrNull(value, 'addresses');
  const isRight = blocks === null || (blocks.length > 0 && blocks.every(isAddressBlock));
  return isRight ? blocks : wrong('addresses', 'must be addresses or blocks such as 192.0.2.0/24, or null');
}

function permissionsOf(value: unknown): readonly Permission[] {
  const wanted = textsOrNull(value, 'permissions') ?? [];
  const known = PERMISSIONS.filter((permission) => wanted.includes(permission));
  if (wanted.length === 0 || known.length < wanted.length) wrong('permissions', `must be of ${PERMISSIONS.join(', ')}`);
  return known;
}

function textsOrNull(value: unknown, name: string): readonly string[] | null {
  if (value === null) return null;
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isTexts ? value : wrong(name, 'must be a list of texts');
}

/** An object with no other fields than these: a mistyped limit must not be silently missing. */
function fieldsOf(value: unknown, known: readonly string[]): Fields {
  if (!isObject(value)) throw new ControlError('E_REQUEST', 'The arguments of a call must be an object');
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  return unknown === undefined ? value : wrong(unknown, 'is not known here');
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : wrong(name, 'must be a text that is not empty');
}

function flagOf(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  return value === undefined || typeof value === 'boolean' ? value : wrong(name, 'must be true or false');
}

function amountOrNull(fields: Fields, name: string, least = 0): number | null {
  const value = fields[name];
  if (value === null) return null;
  const isAmount = typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
  return isAmount ? value : wrong(name, `must be a whole number of at least ${least}, or null`);
}

function countOf(fields: Fields, name: string, most: number): number {
  const value = fields[name];
  const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= most;
  return isCount ? value : wrong(name, `must be a whole number from 1 to ${most}`);
}

function wrong(name: string, rule: string): never {
  throw new ControlError('E_REQUEST', `${showText(name)} ${rule}`);
}
