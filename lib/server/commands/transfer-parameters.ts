import { formatExtendedPassive, formatPassive } from '../../ftp/address.ts';
import type { Answer, Command, CommandContext } from '../command.ts';
import { ServerError } from '../server-error.ts';

/** Transfer parameter commands (RFC 959 section 4.1.2, RFC 2428). */
export const transferParameterCommands: readonly Command[] = [
  { verb: 'PASV', argument: 'none', help: 'PASV', run: passive },
  { verb: 'EPSV', argument: 'optional', help: 'EPSV [1|2|ALL]', feature: 'EPSV', run: extendedPassive },
  { verb: 'TYPE', argument: 'required', isOpen: true, help: 'TYPE <A|I|L 8>', run: type },
  { verb: 'STRU', argument: 'required', isOpen: true, help: 'STRU F', run: onlyValue('F', 'RP') },
  { verb: 'MODE', argument: 'required', isOpen: true, help: 'MODE S', run: onlyValue('S', 'BCZ') },
];

async function passive({ state, data }: CommandContext): Promise<Answer> {
  if (state.isEpsvOnly) throw new ServerError('E_SEQUENCE', 'Only EPSV is taken after EPSV ALL');
  if (!data.isIPv4) throw new ServerError('E_NO_DATA', 'PASV knows IPv4 only, send EPSV');
  const port = await data.listen();
  return { code: 227, text: formatPassive({ address: data.localAddress, port }) };
}

async function extendedPassive({ state, data }: CommandContext, argument: string): Promise<Answer> {
  const wanted = argument.trim().toUpperCase();
  if (wanted === 'ALL') {
    state.isEpsvOnly = true;
    return { code: 200, text: 'Only EPSV from now on' };
  }
  const family = data.isIPv4 ? '1' : '2';
  if (wanted !== '' && wanted !== family) {
    throw new ServerError('E_FAMILY', `Network protocol not supported, use (${family})`);
  }
  return { code: 229, text: formatExtendedPassive(await data.listen()) };
}

function type({ state }: CommandContext, argument: string): Answer {
  const wanted = argument.trim().toUpperCase().replaceAll(/ +/g, ' ');
  if (wanted === 'A' || wanted === 'A N') state.type = 'A';
  else if (wanted === 'I' || wanted === 'L 8' || wanted === 'L8') state.type = 'I';
  else throw new ServerError('E_UNSUPPORTED', 'Types are A, I and L 8');
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
