import { readName, readPassword } from '../asked.ts';
import type { Actions } from './action.ts';

/** The administrator's own name and password. */
export const administratorActions: Actions<'admin.password' | 'admin.rename'> = {
  'admin.password': {
    read: readPassword,
    run: async ({ accounts }, { password }) => {
      await accounts.setAdministrator({ password });
      return {};
    },
  },
  'admin.rename': {
    read: readName,
    run: async ({ accounts }, { name }) => {
      await accounts.setAdministrator({ name });
      return {};
    },
  },
};
