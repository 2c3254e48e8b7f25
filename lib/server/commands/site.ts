import { parseTime } from '../../ftp/time.ts';
import { type Answer, type Command, type CommandContext, loginOf, mustBeAllowed, repliesOf } from '../command.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';
import { splitMode } from './mode-facts.ts';
import { tellQuota } from './room.ts';
import { removeAll } from './trees.ts';

const source = 'RFC 959 section 4.1.3';

/** The commands behind SITE: by name, in the order SITE HELP tells them. */
const siteCommands: ReadonlyMap<string, Command> = new Map(
  (
    [
      { verb: 'HELP', argument: 'none', help: 'SITE HELP', source, replies: [214], run: help },
      {
        verb: 'CHMOD',
        argument: 'required',
        permission: 'write',
        help: 'SITE CHMOD <octal mode> <path>',
        source: 'as vsftpd and ProFTPD do',
        replies: [200, 550, 553],
        feature: 'SITE CHMOD',
        run: changeMode,
      },
      {
        verb: 'UTIME',
        argument: 'required',
        permission: 'write',
        help: 'SITE UTIME <YYYYMMDDHHMM[SS]> <path> | SITE UTIME <path> <access> <change> <creation> UTC',
        source: 'as ProFTPD and Pure-FTPd do',
        replies: [200, 550, 553],
        feature: 'SITE UTIME',
        run: setTimes,
      },
      {
        verb: 'QUOTA',
        argument: 'none',
        isAbortable: true,
        help: 'SITE QUOTA',
        source: 'nowhere written down',
        replies: [200],
        feature: 'SITE QUOTA',
        run: tellQuota,
      },
      {
        verb: 'EXPECT',
        argument: 'required',
        permission: 'write',
        help: 'SITE EXPECT MD5 <hexadecimal> <bytes> <file>',
        source: 'nowhere written down',
        replies: [200, 504, 553],
        feature: 'SITE EXPECT',
        run: expect,
      },
      {
        verb: 'IDLE',
        argument: 'optional',
        help: 'SITE IDLE [<seconds>]',
        source: 'as wu-ftpd did',
        replies: [200, 501],
        feature: 'SITE IDLE',
        run: idle,
      },
      {
        verb: 'WHOAMI',
        argument: 'none',
        help: 'SITE WHOAMI',
        source: 'nowhere written down',
        replies: [200],
        feature: 'SITE WHOAMI',
        run: (context) => ({ code: 200, text: loginOf(context).name }),
      },
      {
        verb: 'RMDA',
        argument: 'required',
        permission: 'write',
        isAbortable: true,
        help: 'SITE RMDA <folder>',
        source: 'nowhere written down',
        replies: [250, 450, 550, 553],
        feature: 'SITE RMDA',
        run: removeAll,
      },
    ] satisfies Command[]
  ).map((command: Command) => [command.verb, command]),
);

// Silence is looked at every so often, not sooner.
const SHORTEST_IDLE = 30;

/** SITE: what is not of all servers (RFC 959 section 4.1.3). */
export const siteCommand: Command = {
  verb: 'SITE',
  argument: 'required',
  isAbortable: true,
  help: 'SITE HELP',
  source,
  replies: [...new Set([504, ...[...siteCommands.values()].flatMap(repliesOf)])],
  feature: (context) => [...siteCommands.values()].flatMap((command) => featureOf(command, context)),
  run: runSite,
};

async function runSite(context: CommandContext, argument: string): Promise<Answer> {
  const blank = argument.indexOf(' ');
  const verb = (blank < 0 ? argument : argument.slice(0, blank)).toUpperCase();
  const command = siteCommands.get(verb);
  // UMASK among them: what others may read here is not for each user to say.
  if (command === undefined) throw new ServerError('E_UNSUPPORTED', 'There is no such SITE command, see SITE HELP');
  const rest = blank < 0 ? '' : argument.slice(blank + 1);
  mustBeAllowed(command, rest, context.state);
  return command.run(context, rest);
}

function help(): Answer {
  return { code: 214, text: ['SITE commands:', ...[...siteCommands.values()].map((command) => command.help), 'End'] };
}

/** What the next upload of a file will make of it: see decision 0046. */
function expect({ state }: CommandContext, argument: string): Answer {
  const [, name, md5, digits = '', path = ''] = /^(\S+) (\S+) ([0-9]{1,15}) (.+)$/s.exec(argument) ?? [];
  if (name !== undefined && name.toUpperCase() !== 'MD5')
    throw new ServerError('E_UNSUPPORTED', 'The only hash is MD5');
  if (md5 === undefined || !/^[0-9a-f]{32}$/i.test(md5)) {
    throw new ServerError('E_ARGUMENT', 'SITE EXPECT takes MD5, the hash, the bytes and the path of the whole file');
  }
  state.expected = { md5: md5.toLowerCase(), size: Number(digits), path: resolvePath(state.cwd, path) };
  return { code: 200, text: 'Noted for the next upload' };
}

async function changeMode(context: CommandContext, argument: string): Promise<Answer> {
  const { mode, name } = splitMode(argument);
  await loginOf(context).folder.setMode(resolvePath(context.state.cwd, name), mode);
  return { code: 200, text: 'Mode changed' };
}

async function setTimes(context: CommandContext, argument: string): Promise<Answer> {
  const { mtimeMs, name } = oldOrder(argument) ?? newOrder(argument) ?? noTime();
  await loginOf(context).folder.setTime(resolvePath(context.state.cwd, name), mtimeMs);
  return { code: 200, text: 'Time changed' };
}

interface TimedName {
  readonly mtimeMs: number;
  readonly name: string;
}

/** `20260102030405 name`, seconds or not. */
function oldOrder(argument: string): TimedName | undefined {
  const [, digits = '', name = ''] = /^([0-9]{12}|[0-9]{14}) (.+)$/s.exec(argument) ?? [];
  const mtimeMs = parseTime(digits.padEnd(14, '0'));
  return mtimeMs === undefined ? undefined : { mtimeMs, name };
}

/** `name access change creation UTC`: of the three times only the second can be set, and only that one matters. */
function newOrder(argument: string): TimedName | undefined {
  const words = argument.split(' ');
  if (words.pop()?.toUpperCase() !== 'UTC') return undefined;
  const times = words.splice(-3).map((word) => (/^([0-9]{12}|[0-9]{14})$/.test(word) ? word.padEnd(14, '0') : ''));
  const [accessed, mtimeMs, created] = times.map(parseTime);
  const name = words.join(' ');
  if (accessed === undefined || mtimeMs === undefined || created === undefined || name === '') return undefined;
  return { mtimeMs, name };
}

function noTime(): never {
  throw new ServerError('E_ARGUMENT', 'SITE UTIME takes a time and a path, or a path, three times and UTC');
}

/** A user may be sent away sooner than others, and never later. */
function idle({ state, limits }: CommandContext, argument: string): Answer {
  const most = Math.floor(limits.idleMs / 1000);
  if (argument === '') return { code: 200, text: `${Math.floor((state.idleMs ?? limits.idleMs) / 1000)} seconds` };
  const seconds = /^[0-9]{1,9}$/.test(argument) ? Number(argument) : 0;
  if (seconds < SHORTEST_IDLE || seconds > most) {
    throw new ServerError('E_ARGUMENT', `SITE IDLE takes ${SHORTEST_IDLE} to ${most} seconds`);
  }
  state.idleMs = seconds * 1000;
  return { code: 200, text: `${seconds} seconds from now on` };
}

function featureOf({ feature }: Command, context: CommandContext): readonly string[] {
  const lines = typeof feature === 'function' ? feature(context) : feature;
  return lines === undefined ? [] : [lines].flat();
}
