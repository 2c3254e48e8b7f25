import { type Answer, type Command, type CommandContext, freshState } from '../command.ts';
import type { Security } from '../security.ts';
import { ServerError } from '../server-error.ts';

// All but the first are of the drafts that came before RFC 4217, and begin the same handshake. They tell what data connections
// are at the beginning: whoever asks for SSL or TLS-P would take what comes in plain text for the handshake of a data connection.
const MECHANISMS: ReadonlyMap<string, Security['protection']> = new Map([
  ['TLS', 'C'],
  ['TLS-C', 'C'],
  ['TLS-P', 'P'],
  ['SSL', 'P'],
]);

/** Security commands (RFC 2228 section 3, RFC 4217). */
export const securityCommands: readonly Command[] = [
  {
    verb: 'AUTH',
    argument: 'required',
    isOpen: true,
    help: 'AUTH TLS',
    source: 'RFC 2228 section 3, RFC 4217 section 4',
    replies: [234, 431, 503, 504],
    feature: ifOffered('AUTH TLS'),
    run: auth,
  },
  {
    verb: 'PBSZ',
    argument: 'required',
    isOpen: true,
    help: 'PBSZ 0',
    source: 'RFC 2228 section 3, RFC 4217 section 8',
    replies: [200, 501, 503],
    feature: ifOffered('PBSZ'),
    run: bufferSize,
  },
  {
    verb: 'PROT',
    argument: 'required',
    isOpen: true,
    help: 'PROT <C|P>',
    source: 'RFC 2228 section 3, RFC 4217 section 9',
    replies: [200, 503, 504, 534, 536],
    feature: ifOffered('PROT'),
    run: protect,
  },
  {
    verb: 'CCC',
    argument: 'none',
    isOpen: true,
    help: 'CCC',
    source: 'RFC 2228 section 3, RFC 4217 section 6',
    replies: [533],
    run: clearControl,
  },
];

function ifOffered(line: string): NonNullable<Command['feature']> {
  return ({ tls }) => (tls === undefined ? undefined : line);
}

/** All that was said in plain text is forgotten, for it may be somebody else's (RFC 4217 section 4.2). */
function auth({ tls, security, state, data, visit }: CommandContext, argument: string): Answer {
  const protection = MECHANISMS.get(argument.trim().toUpperCase());
  if (protection === undefined) throw new ServerError('E_UNSUPPORTED', 'The only mechanism is TLS');
  if (security.context !== undefined) throw new ServerError('E_SEQUENCE', 'The connection is secure already');
  if (tls === undefined) throw new ServerError('E_NO_CERTIFICATE', 'This server has no certificate');
  data.close();
  visit.logOut();
  Object.assign(state, freshState(state.facts));
  security.protection = protection;
  return { code: 234, text: 'Begin the TLS handshake', startsTls: true };
}

/** TLS takes data as it comes: 0 is the only size, whatever is asked for (RFC 4217 section 8). */
function bufferSize({ security }: CommandContext, argument: string): Answer {
  if (security.context === undefined) throw new ServerError('E_SEQUENCE', 'Send AUTH TLS first');
  if (!/^[0-9]+$/.test(argument.trim())) throw new ServerError('E_ARGUMENT', 'PBSZ takes a number');
  security.hasBufferSize = true;
  return { code: 200, text: 'PBSZ=0' };
}

function protect({ tls, security }: CommandContext, argument: string): Answer {
  if (!security.hasBufferSize) throw new ServerError('E_SEQUENCE', 'Send PBSZ 0 first');
  const level = argument.trim().toUpperCase();
  if (level === 'S' || level === 'E') throw new ServerError('E_LEVEL', 'The levels of TLS are C and P');
  if (level !== 'C' && level !== 'P') throw new ServerError('E_UNSUPPORTED', 'Levels are C and P');
  if (level === 'C' && tls?.requireTls) throw new ServerError('E_POLICY', 'Data connections must be protected');
  security.protection = level;
  return { code: 200, text: level === 'P' ? 'Data connections are protected' : 'Data connections are in plain text' };
}

/** Everybody on the way could go on in the client's place, and change what it says: see decision 0047. */
function clearControl({ security }: CommandContext): Answer {
  if (security.context === undefined) throw new ServerError('E_CLEAR', 'The connection is in plain text already');
  throw new ServerError('E_CLEAR', 'The control connection stays protected');
}
