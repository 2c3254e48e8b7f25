import { isIPv4 } from 'node:net';
import { codeOf } from '../../base/coded-error.ts';
import { formatExtendedPassive, formatPassive, parseExtendedPort, parsePort } from '../../ftp/address.ts';
import type { Answer, Command, CommandContext, SessionState } from '../command.ts';
import { ServerError } from '../server-error.ts';

/** Transfer parameter commands (RFC 959 section 4.1.2, RFC 2428). */
export const transferParameterCommands: readonly Command[] = [
  {
    verb: 'PORT',
    argument: 'required',
    help: 'PORT <h1,h2,h3,h4,p1,p2>',
    source: 'RFC 959 section 4.1.2',
    replies: [200, 501, 502, 503],
    run: active,
  },
  {
    verb: 'EPRT',
    argument: 'required',
    help: 'EPRT |<1|2>|<address>|<port>|',
    source: 'RFC 2428 section 2',
    replies: [200, 501, 502, 503, 522],
    feature: eprtFeature,
    run: extendedActive,
  },
  {
    verb: 'PASV',
    argument: 'none',
    help: 'PASV',
    source: 'RFC 959 section 4.1.2',
    replies: [227, 425, 503],
    run: passive,
  },
  {
    verb: 'EPSV',
    argument: 'optional',
    help: 'EPSV [1|2|ALL]',
    source: 'RFC 2428 section 3',
    replies: [200, 229, 425, 501, 522],
    feature: 'EPSV',
    run: extendedPassive,
  },
  {
    verb: 'TYPE',
    argument: 'required',
    isOpen: true,
    help: 'TYPE <A|I|L 8>',
    source: 'RFC 959 section 4.1.2',
    replies: [200, 504],
    run: type,
  },
  {
    verb: 'STRU',
    argument: 'required',
    isOpen: true,
    help: 'STRU F',
    source: 'RFC 959 section 4.1.2',
    replies: [200, 504],
    run: onlyValue('F', 'RP'),
  },
  {
    verb: 'MODE',
    argument: 'required',
    isOpen: true,
    help: 'MODE S',
    source: 'RFC 959 section 4.1.2',
    replies: [200, 504],
    run: onlyValue('S', 'BCZ'),
  },
];

function eprtFeature({ allowsActive }: CommandContext): string | undefined {
  return allowsActive ? 'EPRT' : undefined;
}

function active(context: CommandContext, argument: string): Answer {
  mustAllowActive(context);
  try {
    context.data.callBack(parsePort(argument.trim()));
  } catch (error) {
    throw refusalOf(error, context);
  }
  return { code: 200, text: 'You will be called there' };
}

function extendedActive(context: CommandContext, argument: string): Answer {
  mustAllowActive(context);
  try {
    const target = parseExtendedPort(argument.trim());
    if (isIPv4(target.address) !== context.data.isIPv4) throw otherFamily(context);
    context.data.callBack(target);
  } catch (error) {
    throw refusalOf(error, context);
  }
  return { code: 200, text: 'You will be called there' };
}

function refusalOf(error: unknown, context: CommandContext): unknown {
  if (codeOf(error) === 'E_MALFORMED') return new ServerError('E_ARGUMENT', 'This is no address', { cause: error });
  return codeOf(error) === 'E_FAMILY' ? otherFamily(context) : error;
}

function otherFamily({ data }: CommandContext): ServerError {
  return new ServerError('E_FAMILY', `Network protocol not supported, use (${data.isIPv4 ? '1' : '2'})`);
}

function mustAllowActive({ state, allowsActive }: CommandContext): void {
  if (!allowsActive) throw new ServerError('E_OFF', 'Nobody is called here, send EPSV or PASV');
  mustNotBeEpsvOnly(state);
}

function mustNotBeEpsvOnly({ isEpsvOnly }: SessionState): void {
  if (isEpsvOnly) throw new ServerError('E_SEQUENCE', 'Only EPSV is taken after EPSV ALL');
}

async function passive({ state, data }: CommandContext): Promise<Answer> {
  mustNotBeEpsvOnly(state);
  if (!data.isIPv4) throw new ServerError('E_NO_DATA', 'PASV knows IPv4 only, send EPSV');
  const port = await data.listen();
  return { code: 227, text: formatPassive({ address: data.toldAddress, port }) };
}

async function extendedPassive(context: CommandContext, argument: string): Promise<Answer> {
  const { state, data } = context;
  const wanted = argument.trim().toUpperCase();
  if (wanted === 'ALL') {
    state.isEpsvOnly = true;
    return { code: 200, text: 'Only EPSV from now on' };
  }
  if (!/^[0-9]*$/.test(wanted)) throw new ServerError('E_ARGUMENT', 'EPSV takes 1, 2 or ALL');
  if (wanted !== '' && wanted !== (data.isIPv4 ? '1' : '2')) throw otherFamily(context);
  return { code: 229, text: formatExtendedPassive(await data.listen()) };
}

/** Of RFC 959 section 3.1.1: with a second parameter where there may be one, and a byte size where there must be one. */
const KNOWN_TYPE = /^(?:[AE](?: [NTC])?|I|L ?[1-9][0-9]{0,2})$/;

function type({ state }: CommandContext, argument: string): Answer {
  const wanted = argument.trim().toUpperCase().replaceAll(/ +/g, ' ');
  if (wanted === 'A' || wanted === 'A N') state.type = 'A';
  else if (wanted === 'I' || wanted === 'L 8' || wanted === 'L8') state.type = 'I';
  else throw new ServerError(KNOWN_TYPE.test(wanted) ? 'E_UNSUPPORTED' : 'E_ARGUMENT', 'Types are A, I and L 8');
  return { code: 200, text: `Type is ${state.type}` };
}

/** A parameter of which we have one value, and the standard some more. */
function onlyValue(ours: string, others: string): Command['run'] {
  return (_context, argument) => {
    const wanted = argument.trim().toUpperCase();
    if (wanted === ours) return { code: 200, text: `It is ${ours}` };
    const isKnown = wanted.length === 1 && others.includes(wanted);
    throw new ServerError(isKnown ? 'E_UNSUPPORTED' : 'E_ARGUMENT', `The only value is ${ours}`);
  };
}
