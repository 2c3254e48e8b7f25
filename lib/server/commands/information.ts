import { type FactName, factNames } from '../../ftp/listing-lines.ts';
import { formatTime, isTellableTime, parseTime } from '../../ftp/time.ts';
import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import type { Entry } from '../entry.ts';
import { ServerError } from '../server-error.ts';
import { resolvePath } from '../virtual-path.ts';

/** Informational and miscellaneous commands (RFC 959 section 4.1.3, RFC 2389, RFC 3659, MFMT of the MFxx draft). */
export const informationCommands: readonly Command[] = [
  { verb: 'SYST', argument: 'none', isOpen: true, help: 'SYST', run: () => ({ code: 215, text: 'UNIX Type: L8' }) },
  { verb: 'NOOP', argument: 'none', isOpen: true, help: 'NOOP', run: () => ({ code: 200, text: 'OK' }) },
  { verb: 'HELP', argument: 'optional', isOpen: true, help: 'HELP [<command>]', run: help },
  { verb: 'FEAT', argument: 'none', isOpen: true, help: 'FEAT', run: features },
  { verb: 'OPTS', argument: 'required', isOpen: true, help: 'OPTS UTF8 ON | OPTS MLST <facts>', run: options },
  { verb: 'SIZE', argument: 'required', permission: 'read', help: 'SIZE <file>', feature: 'SIZE', run: size },
  { verb: 'MDTM', argument: 'required', permission: 'read', help: 'MDTM <file>', feature: 'MDTM', run: modified },
  {
    verb: 'MFMT',
    argument: 'required',
    permission: 'write',
    help: 'MFMT <YYYYMMDDHHMMSS[.sss]> <path>',
    feature: 'MFMT',
    run: setModified,
  },
];

function help({ commands }: CommandContext, argument: string): Answer {
  const verb = argument.trim().toUpperCase();
  if (verb === '')
    return { code: 214, text: ['Commands:', ...inRows([...commands.keys()]), 'HELP <command> tells more'] };
  const command = commands.get(verb);
  if (command === undefined) throw new ServerError('E_ARGUMENT', 'There is no such command');
  return { code: 214, text: command.help };
}

function inRows(verbs: readonly string[]): readonly string[] {
  const rows: string[] = [];
  for (let at = 0; at < verbs.length; at += 8) rows.push(verbs.slice(at, at + 8).join(' '));
  return rows;
}

function features(context: CommandContext): Answer {
  const { commands, state } = context;
  const ofCommands = [...commands.values()].flatMap(
    ({ feature }) => (typeof feature === 'function' ? feature(context) : feature) ?? [],
  );
  // The star marks a fact that is sent (RFC 3659 section 7.8).
  const facts = factNames.map((name) => `${name}${state.facts.includes(name) ? '*' : ''};`).join('');
  return { code: 211, text: ['Features:', ...[...ofCommands, `MLST ${facts}`, 'TVFS', 'UTF8'].sort(), 'End'] };
}

function options({ state }: CommandContext, argument: string): Answer {
  const [what = '', value = ''] = argument.trim().toUpperCase().split(/ +/);
  if (what === 'UTF8' && value === 'ON') return { code: 200, text: 'Always on' };
  if (what !== 'MLST') throw new ServerError('E_ARGUMENT', 'There is no such option');
  const wanted = value.toLowerCase().split(';');
  state.facts = factNames.filter((name: FactName) => wanted.includes(name));
  return { code: 200, text: `MLST OPTS ${state.facts.map((name) => `${name};`).join('')}` };
}

async function size(context: CommandContext, argument: string): Promise<Answer> {
  // How many bytes a text has on the network, only sending it would tell (RFC 3659 section 4).
  if (context.state.type === 'A') throw new ServerError('E_NOT_FILE', 'SIZE needs TYPE I');
  return { code: 213, text: String((await fileAt(context, argument)).size) };
}

async function modified(context: CommandContext, argument: string): Promise<Answer> {
  const { mtimeMs } = await fileAt(context, argument);
  if (!isTellableTime(mtimeMs)) throw new ServerError('E_NOT_FILE', 'The time of this file cannot be told');
  return { code: 213, text: formatTime(mtimeMs) };
}

async function fileAt(context: CommandContext, argument: string): Promise<Entry> {
  const entry = await loginOf(context).folder.entry(resolvePath(context.state.cwd, argument));
  if (entry.kind !== 'file') throw new ServerError('E_NOT_FILE', 'Not a regular file');
  return entry;
}

async function setModified(context: CommandContext, argument: string): Promise<Answer> {
  const blank = argument.indexOf(' ');
  const name = argument.slice(blank + 1);
  const mtimeMs = blank < 0 ? undefined : parseTime(argument.slice(0, blank));
  if (mtimeMs === undefined || name === '') throw new ServerError('E_ARGUMENT', 'MFMT takes a time and a path');
  await loginOf(context).folder.setTime(resolvePath(context.state.cwd, name), mtimeMs);
  return { code: 213, text: `Modify=${formatTime(mtimeMs)}; ${name}` };
}
