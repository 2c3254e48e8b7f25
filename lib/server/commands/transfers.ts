import { randomBytes } from 'node:crypto';
import { fromNetworkLines, toNetworkLines } from '../../ftp/ascii.ts';
import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import { contentFrom } from '../open-file.ts';
import type { FileWriter } from '../quota/file-writer.ts';
import { ServerError } from '../server-error.ts';
import { type Mover, sending, transfer } from '../transfer.ts';
import { resolvePath } from '../virtual-path.ts';

// So many that no two names are ever the same, whoever makes them.
const UNIQUE_BYTES = 8;

/** Service commands that move the content of files (RFC 959 section 4.1.3, RFC 3659 section 5). */
export const transferCommands: readonly Command[] = [
  { verb: 'RETR', argument: 'required', permission: 'read', usesData: true, help: 'RETR <file>', run: retrieve },
  {
    verb: 'STOR',
    argument: 'required',
    permission: 'write',
    usesData: true,
    help: 'STOR <file>',
    run: (context, argument) => store(context, argument, context.state.restart),
  },
  { verb: 'APPE', argument: 'required', permission: 'write', usesData: true, help: 'APPE <file>', run: append },
  { verb: 'STOU', argument: 'optional', permission: 'write', usesData: true, help: 'STOU', run: storeUnique },
  { verb: 'ALLO', argument: 'required', permission: 'write', help: 'ALLO <bytes>', run: allocate },
  { verb: 'REST', argument: 'required', help: 'REST <offset>', feature: 'REST STREAM', run: restart },
  { verb: 'ABOR', argument: 'none', help: 'ABOR', run: abort },
];

async function retrieve(context: CommandContext, argument: string): Promise<Answer> {
  const { state } = context;
  const file = await loginOf(context).folder.openToRead(resolvePath(state.cwd, argument));
  try {
    const { size } = await file.stat();
    mustBeWithin(state.restart, size);
    const bytes = contentFrom(file, state.restart);
    if (state.type === 'A') return await transfer(context, 'Here it comes', sending(toNetworkLines(bytes)));
    // Clients look for the size in parentheses, to show how far they are.
    return await transfer(context, `Here it comes (${size - state.restart} bytes)`, sending(bytes));
  } finally {
    await file.close();
  }
}

async function append(context: CommandContext, argument: string): Promise<Answer> {
  if (context.state.restart > 0) throw new ServerError('E_SEQUENCE', 'APPE begins at the end, REST has no place here');
  return store(context, argument, 'end');
}

/** A name that nobody has, in the current folder; told as RFC 1123 section 4.1.2.9 wants it. */
async function storeUnique(context: CommandContext): Promise<Answer> {
  if (context.state.restart > 0) throw new ServerError('E_SEQUENCE', 'STOU begins a new file, REST has no place here');
  const name = `ftp-${randomBytes(UNIQUE_BYTES).toString('hex')}`;
  return store(context, name, 0, `FILE: ${name}`);
}

/**
 * Nothing is made or cut before the data connection is there: a client that never connects must not cost a file.
 *
 * What lies behind the restart is cut off: the file then is what the client has, and after a broken transfer its size
 * tells where to go on.
 */
async function store(
  context: CommandContext,
  argument: string,
  offset: number | 'end',
  note = 'Send the data',
): Promise<Answer> {
  const file = await loginOf(context).folder.openToWrite(resolvePath(context.state.cwd, argument));
  try {
    const start = offset === 'end' ? file.size : offset;
    mustBeWithin(start, file.size);
    await file.mustHaveRoom(start);
    return await transfer(context, note, receiving(file, start, context));
  } finally {
    await file.close();
  }
}

function receiving(file: FileWriter, start: number, { state }: CommandContext): Mover {
  return async (data) => {
    await file.begin(start);
    const source: AsyncIterable<Buffer> = state.type === 'A' ? fromNetworkLines(data) : data;
    for await (const chunk of source) await file.write(chunk);
  };
}

function mustBeWithin(offset: number, size: number): void {
  if (offset > size) throw new ServerError('E_OFFSET', `The file has ${size} bytes only`);
}

/** Nothing is set aside, but who asks hears whether there is room (RFC 959 section 4.1.3). */
async function allocate(context: CommandContext, argument: string): Promise<Answer> {
  const [, digits] = /^([0-9]+)( R [0-9]+)?$/i.exec(argument.trim()) ?? [];
  if (digits === undefined) throw new ServerError('E_ARGUMENT', 'ALLO takes a number');
  const { folder } = loginOf(context);
  const left = (await folder.leftBytes()) ?? Infinity;
  if (Number(digits) > left) throw new ServerError('E_QUOTA', `${left} bytes are left of the quota`);
  const freeBytes = await folder.freeBytes();
  if (Number(digits) > freeBytes) throw new ServerError('E_FULL', `The disk has room for ${freeBytes} bytes`);
  return { code: 200, text: 'There is room' };
}

function restart({ state }: CommandContext, argument: string): Answer {
  const digits = argument.trim();
  const offset = /^[0-9]+$/.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isSafeInteger(offset)) throw new ServerError('E_ARGUMENT', 'REST takes a number of bytes');
  // A place in a text has no number: line ends are counted differently on both sides (RFC 3659 section 5.1).
  if (state.type === 'A' && offset > 0) throw new ServerError('E_UNSUPPORTED', 'REST needs TYPE I');
  state.restart = offset;
  return { code: 350, text: `The next transfer begins at ${offset}` };
}

/** The transfer itself was ended when the line came in; what is left is to say so. */
function abort({ data, wasAborted }: CommandContext): Answer {
  data.close();
  return wasAborted ? { code: 226, text: 'Transfer aborted' } : { code: 225, text: 'There was no transfer' };
}
