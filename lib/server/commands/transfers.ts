import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fromNetworkLines, toNetworkLines } from '../../ftp/ascii.ts';
import { type Answer, type Command, type CommandContext, loginOf } from '../command.ts';
import { contentFrom, writeFully } from '../open-file.ts';
import { ServerError } from '../server-error.ts';
import { type Mover, sending, transfer } from '../transfer.ts';
import { resolvePath } from '../virtual-path.ts';

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
  { verb: 'ALLO', argument: 'required', help: 'ALLO <bytes>', run: allocate },
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

/**
 * Nothing is made or cut before the data connection is there: a client that never connects must not cost a file.
 *
 * What lies behind the restart is cut off: the file then is what the client has, and after a broken transfer its size
 * tells where to go on.
 */
async function store(context: CommandContext, argument: string, offset: number | 'end'): Promise<Answer> {
  const { folder } = loginOf(context);
  const path = resolvePath(context.state.cwd, argument);
  const existing = await folder.openToWrite(path);
  try {
    const size = existing === undefined ? 0 : (await existing.stat()).size;
    const start = offset === 'end' ? size : offset;
    mustBeWithin(start, size);
    return await transfer(context, 'Send the data', async (socket, signal) => {
      if (existing !== undefined) return receive(existing, start, context)(socket, signal);
      const made = await folder.create(path);
      try {
        await receive(made, start, context)(socket, signal);
      } finally {
        await made.close();
      }
    });
  } finally {
    await existing?.close();
  }
}

function receive(file: FileHandle, start: number, { state }: CommandContext): Mover {
  return async (socket, signal) => {
    if ((await file.stat()).size > start) await file.truncate(start);
    let position = start;
    const source: AsyncIterable<Buffer> = state.type === 'A' ? fromNetworkLines(socket) : socket;
    const write = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
      for await (const chunk of chunks) {
        await writeFully(file, chunk, position);
        position += chunk.length;
      }
    };
    await pipeline(source, write, { signal });
  };
}

function mustBeWithin(offset: number, size: number): void {
  if (offset > size) throw new ServerError('E_OFFSET', `The file has ${size} bytes only`);
}

/** No space needs to be set aside (RFC 959 section 4.1.3: servers may treat it as NOOP, with 202). */
function allocate(_context: CommandContext, argument: string): Answer {
  if (!/^[0-9]+( R [0-9]+)?$/i.test(argument.trim())) throw new ServerError('E_ARGUMENT', 'ALLO takes a number');
  return { code: 202, text: 'No space needs to be set aside' };
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
