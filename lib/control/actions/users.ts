import { AccountsError } from '../../accounts/accounts-error.ts';
import { countFiles } from '../../accounts/count-files.ts';
import { followThrough } from '../../accounts/follow-through.ts';
import type { User, UserSettings } from '../../accounts/user.ts';
import { showText } from '../../base/show-text.ts';
import { readChange, readName, readNameAndPassword, readNewUser, readNothing, readRemoval } from '../asked.ts';
import type { UserChanges, UserView } from '../calls.ts';
import type { Actions, Office } from './action.ts';

type Calls = 'user.add' | 'user.list' | 'user.show' | 'user.remove' | 'user.password' | 'user.change' | 'user.recount';

/** Users: register, look at, change, remove. */
export const userActions: Actions<Calls> = {
  'user.add': {
    read: readNewUser,
    run: async (office, { name, password, ...changes }) => {
      await office.accounts.add(name, password, settingsOf({}, changes));
      return viewOf(office, userOf(office, name));
    },
  },
  'user.list': {
    read: readNothing,
    run: async (office) => {
      const views: UserView[] = [];
      // One after the other: each may be counted on the disk, which serves everybody else as well.
      for (const user of office.accounts.users()) views.push(await viewOf(office, user));
      return views;
    },
  },
  'user.show': {
    read: readName,
    run: async (office, { name }) => viewOf(office, userOf(office, name)),
  },
  'user.remove': {
    read: readRemoval,
    run: async (office, { name, purge }) => {
      const { homes } = office.accounts;
      let endedSessions = 0;
      let aside: string | undefined;
      const removal = office.accounts.remove(name, async () => {
        endedSessions = kick(office, name, 'The account was removed');
        if (purge) aside = await homes.setAside(name);
      });
      await followThrough(removal, async () => {
        if (aside !== undefined) await homes.remove(aside);
      });
      return { endedSessions, home: homes.of(name), isPurged: purge };
    },
  },
  'user.password': {
    read: readNameAndPassword,
    run: async ({ accounts }, { name, password }) => {
      await accounts.setPassword(name, password);
      return {};
    },
  },
  'user.change': {
    read: readChange,
    run: async (office, { name, ...changes }) => {
      const change = office.accounts.change(name, (before) => settingsOf(before.limits, changes));
      await followThrough(change, () => {
        if (changes.isEnabled === false) kick(office, name, 'The account was disabled');
      });
      return viewOf(office, userOf(office, name));
    },
  },
  'user.recount': {
    read: readName,
    run: async (office, { name }) => {
      const { name: known } = userOf(office, name);
      const { live, accounts } = office;
      return { usedBytes: live ? await live.recount(known) : await countFiles(accounts.homeOf(known)) };
    },
  },
};

/** @throws AccountsError E_ACCOUNT_MISSING */
function userOf({ accounts }: Office, name: string): User {
  const user = accounts.user(name);
  if (user) return user;
  throw new AccountsError('E_ACCOUNT_MISSING', `There is no user "${showText(name)}"`);
}

async function viewOf({ accounts, live }: Office, user: User): Promise<UserView> {
  const home = accounts.homeOf(user.name);
  const counted = live ? live.usedBytes(user.name) : countFiles(home);
  return {
    ...user,
    home,
    usedBytes: await counted.catch(() => null),
    online: live?.sessions().filter(({ user: name }) => name === user.name).length ?? 0,
  };
}

function kick({ live }: Office, user: string, reason: string): number {
  return live?.kick({ user }, reason) ?? 0;
}

function settingsOf(
  before: UserSettings['limits'],
  { limits, ...changes }: Omit<UserChanges, 'name'>,
): Partial<UserSettings> {
  if (limits === undefined) return changes;
  const merged = Object.entries({ ...before, ...limits }).filter(([, value]) => value !== null && value !== undefined);
  return { ...changes, limits: Object.fromEntries(merged) };
}
