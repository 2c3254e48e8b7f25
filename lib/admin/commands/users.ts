import { exitStatus } from '../../base/exit-status.ts';
import type { UserChanges, UserView } from '../../control/calls.ts';
import { AdminError } from '../admin-error.ts';
import { type AdminOptionName, type AdminValues, adminOptions, UNLIMITED } from '../admin-options.ts';
import { type AdminCommand, NAME, type Order } from '../command.ts';
import type { Desk } from '../desk.ts';
import { bytesInWords, quotaInWords, rightsInWords, timeInWords, userFacts } from '../in-words.ts';
import { type Column, sheet, table } from '../table.ts';

const SETTINGS: readonly AdminOptionName[] = [
  'quota',
  'read-only',
  'sessions',
  'upload-rate',
  'download-rate',
  'addresses',
];

/** Users: register, look at, change, remove. */
export const userCommands: readonly AdminCommand[] = [
  {
    words: 'user add',
    help: 'Register a user, who can log in at once',
    positionals: [NAME],
    options: ['password-stdin', ...SETTINGS, 'disabled'],
    run: async (desk, { values, words: [name = ''] }) => {
      const password = await desk.newPassword(name, values['password-stdin']);
      const isEnabled = !values.disabled;
      const user = await desk.call('user.add', { name, password, isEnabled, ...changesOf(values) });
      desk.show(values.json, user, () => [`User ${user.name} registered, quota ${quotaInWords(user)}`]);
      return exitStatus.done;
    },
  },
  {
    words: 'user list',
    help: 'Show all users',
    positionals: [],
    options: [],
    run: async (desk, { values }) => {
      const users = await desk.call('user.list', {});
      desk.show(values.json, users, () => (users.length === 0 ? ['No users'] : table(COLUMNS, users)));
      return exitStatus.done;
    },
  },
  {
    words: 'user show',
    help: 'Show all about one user',
    positionals: [NAME],
    options: [],
    run: async (desk, { values, words: [name = ''] }) => {
      const user = await desk.call('user.show', { name });
      desk.show(values.json, user, () => sheet(userFacts(user)));
      return exitStatus.done;
    },
  },
  {
    words: 'user del',
    help: 'Remove a user: open sessions are ended, the files stay unless --purge is given',
    positionals: [NAME],
    options: ['purge', 'yes'],
    run: removeUser,
  },
  {
    words: 'user passwd',
    help: 'Give a user another password',
    positionals: [NAME],
    options: ['password-stdin'],
    run: async (desk, { values, words: [name = ''] }) => {
      const password = await desk.newPassword(name, values['password-stdin']);
      const result = await desk.call('user.password', { name, password });
      desk.show(values.json, result, () => [`User ${name} has a new password`]);
      return exitStatus.done;
    },
  },
  {
    words: 'user quota',
    help: 'Set how much the files of a user may take; files that are there already stay',
    positionals: [NAME, { name: 'QUOTA', help: `Bytes, such as 500k, 20M or 1.5G, or ${UNLIMITED}` }],
    options: [],
    run: async (desk, { values, words: [name = '', text = ''] }) => {
      const quota = adminOptions.quota.parse(text);
      if (quota === undefined) throw new AdminError('E_USAGE', `QUOTA ${adminOptions.quota.rule}`);
      return change(desk, values, { name, quotaBytes: orNull(quota) });
    },
  },
  {
    words: 'user set',
    help: 'Change what a user may do; what is not named stays',
    positionals: [NAME],
    options: SETTINGS,
    run: async (desk, { values, words: [name = ''] }) => {
      const changes = changesOf(values);
      if (Object.keys(changes).length > 0) return change(desk, values, { name, ...changes });
      throw new AdminError('E_USAGE', `Nothing to set: use ${SETTINGS.map((option) => `--${option}`).join(', ')}`);
    },
  },
  {
    words: 'user enable',
    help: 'Let a user log in again',
    positionals: [NAME],
    options: [],
    run: async (desk, { values, words: [name = ''] }) => change(desk, values, { name, isEnabled: true }),
  },
  {
    words: 'user disable',
    help: 'Do not let a user log in, and end the open sessions',
    positionals: [NAME],
    options: [],
    run: async (desk, { values, words: [name = ''] }) => change(desk, values, { name, isEnabled: false }),
  },
  {
    words: 'user recount',
    help: 'Count the files of a user anew',
    positionals: [NAME],
    options: [],
    run: async (desk, { values, words: [name = ''] }) => {
      const result = await desk.call('user.recount', { name });
      desk.show(values.json, result, () => [`The files of ${name} take ${bytesInWords(result.usedBytes)}`]);
      return exitStatus.done;
    },
  },
];

const COLUMNS: readonly Column<UserView>[] = [
  ['name', ({ name }) => name],
  ['quota', quotaInWords],
  ['used', ({ usedBytes }) => bytesInWords(usedBytes)],
  ['may', rightsInWords],
  ['last login', ({ lastLoginMs }) => timeInWords(lastLoginMs)],
  ['online', ({ online }) => String(online)],
];

async function removeUser(desk: Desk, { values, words: [name = ''] }: Order): Promise<number> {
  const { purge } = values;
  if (purge) {
    // Not after the question: a name that was mistyped, or a wrong password, is told first.
    const { home } = await desk.call('user.show', { name });
    await desk.mustAgree(values.yes, `User ${name} and all files in ${home} will be removed`);
  }
  const removal = await desk.call('user.remove', { name, purge });
  const files = removal.isPurged ? 'the files are removed' : `the files are still in ${removal.home}`;
  desk.show(values.json, removal, () => [`User ${name} removed, ${sessions(removal.endedSessions)} ended, ${files}`]);
  return exitStatus.done;
}

async function change(
  desk: Desk,
  values: AdminValues,
  changes: UserChanges & { readonly name: string },
): Promise<number> {
  const user = await desk.call('user.change', changes);
  desk.show(values.json, user, () => sheet(userFacts(user)));
  return exitStatus.done;
}

function changesOf(values: AdminValues): UserChanges {
  const { quota, sessions: most, addresses, 'read-only': readOnly } = values;
  const limits = {
    ...(most === undefined ? {} : { sessions: orNull(most) }),
    ...(values['upload-rate'] === undefined ? {} : { uploadBytesPerSecond: orNull(values['upload-rate']) }),
    ...(values['download-rate'] === undefined ? {} : { downloadBytesPerSecond: orNull(values['download-rate']) }),
    ...(addresses === undefined ? {} : { addresses: addresses === 'any' ? null : addresses }),
  };
  return {
    ...(quota === undefined ? {} : { quotaBytes: orNull(quota) }),
    ...(readOnly === undefined ? {} : { permissions: readOnly ? ['read'] : ['read', 'write'] }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

function orNull(amount: number | typeof UNLIMITED): number | null {
  return amount === UNLIMITED ? null : amount;
}

function sessions(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`;
}
