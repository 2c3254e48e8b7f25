import { followThrough } from '../../accounts/follow-through.ts';
import { readAccounts, readNothing } from '../asked.ts';
import type { Actions } from './action.ts';

/** All accounts at once, to be kept elsewhere or taken in from there. */
export const accountActions: Actions<'accounts.dump' | 'accounts.load'> = {
  'accounts.dump': {
    read: readNothing,
    run: async ({ accounts }) => ({ accounts: JSON.parse(accounts.exportAll()) }),
  },
  'accounts.load': {
    read: readAccounts,
    run: async ({ accounts, live }, { accounts: exported }) => {
      const before = accounts.users();
      const users = await followThrough(accounts.importUsers(JSON.stringify(exported)), () => {
        // Another account of the same name is another one for sessions under way, too.
        const gone = before.filter(({ name, createdMs }) => accounts.find(name)?.createdMs !== createdMs);
        for (const { name: user } of gone) live?.kick({ user }, 'The account was disabled or replaced');
      });
      return { users: users.length };
    },
  },
};
