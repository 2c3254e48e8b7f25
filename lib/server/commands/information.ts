import { parseHashName } from '../../ftp/hash-names.ts';
import { type FactName, factNames } from '../../ftp/listing-lines.ts';
import type { Answer, Command, CommandContext, SessionState } from '../command.ts';
import { ServerError } from '../server-error.ts';

/** Informational and miscellaneous commands (RFC 959 section 4.1.3, RFC 2389, RFC 2640). */
export const informationCommands: readonly Command[] = [
  {
    verb: 'SYST',
    argument: 'none',
    isOpen: true,
    help: 'SYST',
    source: 'RFC 959 section 4.1.3',
    replies: [215],
    run: () => ({ code: 215, text: 'UNIX Type: L8' }),
  },
  {
    verb: 'NOOP',
    argument: 'none',
    isOpen: true,
    help: 'NOOP',
    source: 'RFC 959 section 4.1.3',
    replies: [200],
    run: () => ({ code: 200, text: 'OK' }),
  },
  {
    verb: 'HELP',
    argument: 'optional',
    isOpen: true,
    help: 'HELP [<command>]',
    source: 'RFC 959 section 4.1.3',
    replies: [214, 501],
    run: help,
  },
  {
    verb: 'FEAT',
    argument: 'none',
    isOpen: true,
    help: 'FEAT',
    source: 'RFC 2389 section 3',
    replies: [211],
    run: features,
  },
  {
    verb: 'OPTS',
    argument: 'required',
    isOpen: true,
    help: 'OPTS UTF8 ON | OPTS MLST [<facts>] | OPTS HASH [<name>]',
    source: 'RFC 2389 section 4',
    replies: [200, 501],
    run: options,
  },
  {
    verb: 'LANG',
    argument: 'optional',
    isOpen: true,
    help: 'LANG [<language>]',
    source: 'RFC 2640 section 4',
    replies: [200, 504],
    feature: 'LANG EN*',
    run: language,
  },
  {
    verb: 'CLNT',
    argument: 'required',
    isOpen: true,
    help: 'CLNT <name of the program>',
    source: 'nowhere written down',
    replies: [200],
    feature: 'CLNT',
    run: () => ({ code: 200, text: 'Noted' }),
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
  const ofCommands = [...commands.values()].flatMap(({ feature }) => {
    return (typeof feature === 'function' ? feature(context) : feature) ?? [];
  });
  // The star marks a fact that is sent (RFC 3659 section 7.8).
  const facts = factNames.map((name) => `${name}${state.facts.includes(name) ? '*' : ''};`).join('');
  return { code: 211, text: ['Features:', ...[...ofCommands, `MLST ${facts}`, 'TVFS', 'UTF8'].sort(), 'End'] };
}

function options({ state }: CommandContext, argument: string): Answer {
  const [what = '', value = '', ...more] = argument.trim().toUpperCase().split(/ +/);
  // A blank cannot stand among facts (RFC 3659 section 7.9.2), nor behind any other value.
  if (more.length > 0) throw new ServerError('E_ARGUMENT', 'An option has one value');
  if (what === 'UTF8' && value === 'ON') return { code: 200, text: 'Always on' };
  if (what === 'HASH') return chooseHash(state, value);
  if (what !== 'MLST') throw new ServerError('E_ARGUMENT', 'There is no such option');
  const wanted = value.toLowerCase().split(';');
  state.facts = factNames.filter((name: FactName) => wanted.includes(name));
  return { code: 200, text: `MLST OPTS ${state.facts.map((name) => `${name};`).join('')}`.trimEnd() };
}

function chooseHash(state: SessionState, value: string): Answer {
  const chosen = value === '' ? state.hash : parseHashName(value);
  if (chosen === undefined) throw new ServerError('E_ARGUMENT', 'There is no such hash, it stays as it was');
  state.hash = chosen;
  return { code: 200, text: chosen };
}

/** All texts are English; a client may ask for that (RFC 2640 section 4.1). */
function language(_context: CommandContext, argument: string): Answer {
  const wanted = argument.trim().toUpperCase();
  if (wanted !== '' && wanted !== 'EN' && !wanted.startsWith('EN-')) {
    throw new ServerError('E_UNSUPPORTED', 'The language is English');
  }
  return { code: 200, text: 'English it is' };
}
