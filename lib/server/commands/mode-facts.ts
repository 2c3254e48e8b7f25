import { formatTime, parseTime } from '../../ftp/time.ts';
import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';

/** MFF: set facts as MLST tells them (draft-somers-ftp-mfxx-04). */
export const factsCommand: Command = {
  verb: 'MFF',
  argument: 'required',
  permission: 'write',
  help: 'MFF [modify=<YYYYMMDDHHMMSS[.sss]>;][unix.mode=<octal mode>;] <path>',
  source: 'draft-somers-ftp-mfxx-04',
  replies: [213, 501, 504, 550, 553],
  feature: 'MFF modify;unix.mode;',
  run: setFacts,
};

async function setFacts(context: CommandContext, argument: string): Promise<Answer> {
  const end = argument.indexOf('; ');
  if (end < 0) throw new ServerError('E_ARGUMENT', 'MFF takes facts, a blank and a path');
  // All of them are read before the first is set.
  const facts = argument.slice(0, end).split(';').map(readFact);
  const name = argument.slice(end + 2);
  const path = resolvePath(context.state.cwd, name);
  for (const { set } of facts) await set(context, path);
  return { code: 213, text: `${facts.map(({ told }) => `${told};`).join('')} ${name}` };
}

interface SettableFact {
  readonly told: string;
  readonly set: (context: CommandContext, path: string) => Promise<void>;
}

function readFact(fact: string): SettableFact {
  const equals = fact.indexOf('=');
  const name = fact.slice(0, Math.max(0, equals)).toLowerCase();
  const value = fact.slice(equals + 1);
  if (name === 'modify') return timeFact(value);
  if (name === 'unix.mode') return modeFact(value);
  throw new ServerError('E_UNSUPPORTED', 'The facts that can be set are modify and unix.mode');
}

function timeFact(value: string): SettableFact {
  const mtimeMs = parseTime(value);
  if (mtimeMs === undefined) throw new ServerError('E_ARGUMENT', 'There is no such time');
  return {
    told: `modify=${formatTime(mtimeMs)}`,
    set: (context, path) => loginOf(context).folder.setTime(path, mtimeMs),
  };
}

function modeFact(value: string): SettableFact {
  const mode = parseMode(value);
  return {
    told: `unix.mode=${mode.toString(8).padStart(4, '0')}`,
    set: (context, path) => loginOf(context).folder.setMode(path, mode),
  };
}

/** A mode and the path behind it, as SITE CHMOD takes them. */
export function splitMode(argument: string): { readonly mode: number; readonly name: string } {
  const blank = argument.indexOf(' ');
  const name = argument.slice(blank + 1);
  if (blank < 0 || name === '') throw new ServerError('E_ARGUMENT', 'SITE CHMOD takes a mode and a path');
  return { mode: parseMode(argument.slice(0, blank)), name };
}

/** Nine bits: whoever sets one of the other three makes a program run with the rights of the server. */
function parseMode(digits: string): number {
  const mode = /^[0-7]{3,4}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  if (mode <= 0o777) return mode;
  throw new ServerError('E_ARGUMENT', 'A mode is three octal digits, such as 644');
}
