import { showText } from '../../base/show-text.ts';
import { readKick, readLogQuestion, readName, readNothing } from '../asked.ts';
import { ControlError } from '../control-error.ts';
import type { BanView } from '../live-server.ts';
import { logTail } from '../log-tail.ts';
import { type Actions, serverOf } from './action.ts';

type Calls =
  | 'session.list'
  | 'session.kick'
  | 'ban.list'
  | 'ban.lift'
  | 'server.reload'
  | 'server.stats'
  | 'server.log';

const KINDS: readonly BanView['kind'][] = ['address', 'user'];

/** What a server is doing, and what can be told to it. */
export const serverActions: Actions<Calls> = {
  'session.list': { read: readNothing, run: async (office) => serverOf(office).sessions() },
  'session.kick': {
    read: readKick,
    run: async (office, { id, user }) => {
      const which = id === undefined ? { user: user ?? '' } : { id };
      const ended = serverOf(office).kick(which, 'Ended by the administrator');
      if (ended > 0) return { ended };
      throw new ControlError('E_NOT_THERE', `There is no session ${id ?? `of "${showText(user ?? '')}"`}`);
    },
  },
  'ban.list': { read: readNothing, run: async (office) => serverOf(office).bans() },
  'ban.lift': {
    read: readName,
    run: async (office, { name }) => {
      const server = serverOf(office);
      const lifted = KINDS.filter((kind) => server.unban(kind, name));
      if (lifted.length > 0) return { lifted };
      throw new ControlError('E_NOT_THERE', `There is no ban of "${showText(name)}"`);
    },
  },
  'server.reload': {
    read: readNothing,
    run: async (office) => ({ problems: await serverOf(office).reload() }),
  },
  'server.stats': { read: readNothing, run: async (office) => serverOf(office).stats() },
  'server.log': {
    read: readLogQuestion,
    run: async ({ folder }, question) => ({ lines: await logTail(folder.log, question) }),
  },
};
