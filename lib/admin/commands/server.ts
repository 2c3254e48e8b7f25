import { systemClock } from '../../base/clock.ts';
import { exitStatus } from '../../base/exit-status.ts';
import { oneLine } from '../../base/one-line.ts';
import { showText } from '../../base/show-text.ts';
import type { BanView, ServerStats, SessionView } from '../../control/live-server.ts';
import type { AdminCommand } from '../command.ts';
import { activityInWords, bytesInWords, durationInWords, timeInWords } from '../in-words.ts';
import { type Column, sheet, table } from '../table.ts';

/** What the server is doing, and what can be told to it. */
export const serverCommands: readonly AdminCommand[] = [
  {
    words: 'who',
    help: 'Show the sessions of this moment',
    positionals: [],
    options: [],
    run: async (desk, { values }) => {
      const sessions = await desk.call('session.list', {});
      desk.show(values.json, sessions, () => (sessions.length === 0 ? ['Nobody'] : table(SESSIONS, sessions)));
      return exitStatus.done;
    },
  },
  {
    words: 'kick',
    help: 'End a session, or all sessions of a user, with 421',
    positionals: [{ name: 'ID|USER', help: 'Number of the session, as who shows it, or name of the user' }],
    options: [],
    run: async (desk, { values, words: [which = ''] }) => {
      const isId = /^\d{1,15}$/.test(which);
      const result = await desk.call('session.kick', isId ? { id: Number(which) } : { user: which });
      desk.show(values.json, result, () => [`Sessions ended: ${result.ended}`]);
      return exitStatus.done;
    },
  },
  {
    words: 'bans',
    help: 'Show who is kept out for a while after wrong passwords',
    positionals: [],
    options: [],
    run: async (desk, { values }) => {
      const bans = await desk.call('ban.list', {});
      desk.show(values.json, bans, () => (bans.length === 0 ? ['No bans'] : table(BANS, bans)));
      return exitStatus.done;
    },
  },
  {
    words: 'unban',
    help: 'Let an address or a user in again',
    positionals: [{ name: 'ADDRESS|USER', help: 'As bans shows it' }],
    options: [],
    run: async (desk, { values, words: [name = ''] }) => {
      const result = await desk.call('ban.lift', { name });
      desk.show(values.json, result, () => [`${showText(name)} may log in again`]);
      return exitStatus.done;
    },
  },
  {
    words: 'reload',
    help: 'Have the server read its settings and certificate again, without ending a session',
    positionals: [],
    options: [],
    run: async (desk, { values }) => {
      const result = await desk.call('server.reload', {});
      const { problems } = result;
      const isWell = problems.length === 0;
      desk.show(values.json, result, () =>
        isWell ? ['Read again'] : ['Nothing was changed:', ...problems.map(oneLine)],
      );
      return isWell ? exitStatus.done : exitStatus.someFailed;
    },
  },
  {
    words: 'log',
    help: 'Show the last lines of the log',
    positionals: [],
    options: ['user', 'lines'],
    run: async (desk, { values }) => {
      const { user, lines } = values;
      const result = await desk.call('server.log', user === undefined ? { lines } : { lines, user });
      desk.show(values.json, result, () => result.lines.map(oneLine));
      return exitStatus.done;
    },
  },
  {
    words: 'stats',
    help: 'Show what the server has done since it was started',
    positionals: [],
    options: [],
    run: async (desk, { values }) => {
      const stats = await desk.call('server.stats', {});
      desk.show(values.json, stats, () => sheet(statsFacts(stats)));
      return exitStatus.done;
    },
  },
];

const SESSIONS: readonly Column<SessionView>[] = [
  ['id', ({ id }) => String(id)],
  ['user', ({ user }) => (user === null ? '-' : showText(user))],
  ['address', ({ address, port }) => `${showText(address)} ${port}`],
  ['TLS', ({ isTls }) => (isTls ? 'yes' : 'no')],
  ['since', ({ sinceMs }) => timeInWords(sinceMs)],
  ['idle', ({ idleMs }) => durationInWords(idleMs)],
  ['doing', activityInWords],
];

const BANS: readonly Column<BanView>[] = [
  ['kind', ({ kind }) => kind],
  ['name', ({ name }) => showText(name)],
  ['until', ({ untilMs }) => timeInWords(untilMs)],
  ['wrong passwords', ({ failures }) => String(failures)],
];

function statsFacts(stats: ServerStats): readonly (readonly [string, string])[] {
  return [
    ['running since', `${timeInWords(stats.sinceMs)} (${durationInWords(systemClock.now() - stats.sinceMs)})`],
    ['sessions', `${stats.sessions}, ${stats.sessionsSoFar} so far`],
    ['logins', `${stats.loginsSoFar}, ${stats.failedLogins} refused`],
    ['uploads', `${stats.uploads}, ${bytesInWords(stats.bytesIn)}`],
    ['downloads', `${stats.downloads}, ${bytesInWords(stats.bytesOut)}`],
    ['refused for quota', String(stats.quotaRefusals)],
    ['errors', String(stats.errors)],
  ];
}
