import { randomBytes } from 'node:crypto';
import { NetworkLines, toNetworkLines } from '../../ftp/ascii.ts';
import { type Answer, type Command, type CommandContext, loginOf, type SessionState } from '../command.ts';
import { type ExpectedUpload, expectedUpload } from '../expected-upload.ts';
import { contentFrom } from '../open-file.ts';
import type { FileWriter } from '../quota/file-writer.ts';
import { ServerError } from '../server-error.ts';
import { type Mover, sending, transfer } from '../transfer.ts';
import { resolvePath } from '../virtual-path.ts';

// So many that no two names are ever the same, whoever makes them.
const UNIQUE_BYTES = 8;

// Busy, disk full, quota, missing folder, name.
const WRITE_FAILURES = [450, 452, 550, 552, 553];

/** Service commands that move the content of files (RFC 959 section 4.1.3, RFC 3659 section 5). */
export const transferCommands: readonly Command[] = [
  {
    verb: 'RETR',
    argument: 'required',
    permission: 'read',
    usesData: true,
    help: 'RETR <file>',
    source: 'RFC 959 section 4.1.3',
    replies: [450, 504, 550, 553, 554],
    run: retrieve,
  },
  {
    verb: 'STOR',
    argument: 'required',
    permission: 'write',
    usesData: true,
    help: 'STOR <file>',
    source: 'RFC 959 section 4.1.3',
    replies: [...WRITE_FAILURES, 504, 554],
    run: (context, argument) => store(context, argument, context.state.restart),
  },
  {
    verb: 'APPE',
    argument: 'required',
    permission: 'write',
    usesData: true,
    help: 'APPE <file>',
    source: 'RFC 959 section 4.1.3',
    replies: [...WRITE_FAILURES, 503, 504],
    run: append,
  },
  {
    verb: 'STOU',
    argument: 'optional',
    permission: 'write',
    usesData: true,
    help: 'STOU',
    source: 'RFC 959 section 4.1.3, RFC 1123 section 4.1.2.9',
    replies: [...WRITE_FAILURES, 503],
    run: storeUnique,
  },
  {
    verb: 'ALLO',
    argument: 'required',
    permission: 'write',
    isAbortable: true,
    help: 'ALLO <bytes>',
    source: 'RFC 959 section 4.1.3',
    replies: [200, 452, 552],
    run: allocate,
  },
  {
    verb: 'REST',
    argument: 'required',
    help: 'REST <offset>',
    source: 'RFC 3659 section 5',
    replies: [350, 504],
    feature: 'REST STREAM',
    run: restart,
  },
  { verb: 'ABOR', argument: 'none', help: 'ABOR', source: 'RFC 959 section 4.1.3', replies: [225, 226], run: abort },
];

async function retrieve(context: CommandContext, argument: string): Promise<Answer> {
  const { state } = context;
  mustBeBytes(state);
  const file = await loginOf(context).folder.openToRead(resolvePath(state.cwd, argument));
  try {
    const size = Number((await file.stats()).size);
    // A range may lie anywhere: what of it is there is sent (draft-bryan-ftp-range-08 section 4.3).
    if (state.rangeEnd === undefined) mustBeWithin(state.restart, size);
    // What is added to the file by then is not part of what was promised.
    const end = Math.max(state.restart, Math.min(state.rangeEnd ?? size, size));
    const bytes = contentFrom(file, state.restart, end);
    if (state.type === 'A') return await transfer(context, 'Here it comes', sending(toNetworkLines(bytes)));
    // Clients look for the size in parentheses, to show how far they are.
    return await transfer(context, `Here it comes (${end - state.restart} bytes)`, sending(bytes));
  } finally {
    await file.close();
  }
}

async function append(context: CommandContext, argument: string): Promise<Answer> {
  mustBeWhole(context.state, 'APPE begins at the end, REST and RANG have no place here');
  return store(context, argument, 'end');
}

function mustBeWhole({ restart, rangeEnd }: SessionState, why: string): void {
  if (restart > 0 || rangeEnd !== undefined) throw new ServerError('E_SEQUENCE', why);
}

/** A name that nobody has, in the current folder; told as RFC 1123 section 4.1.2.9 wants it. */
async function storeUnique(context: CommandContext): Promise<Answer> {
  mustBeWhole(context.state, 'STOU begins a new file, REST and RANG have no place here');
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
  const { rangeEnd } = context.state;
  mustBeBytes(context.state);
  const path = resolvePath(context.state.cwd, argument);
  const file = await loginOf(context).folder.openToWrite(path);
  try {
    const start = offset === 'end' ? file.size : offset;
    mustBeWithin(start, file.size);
    const expected = expectedUpload(context, path, file, start);
    // What is written over within a range takes no room.
    if (rangeEnd === undefined || rangeEnd > file.size)
      await file.mustHaveRoom(rangeEnd === undefined ? start : file.size);
    return await transfer(context, note, receiving(file, { start, rangeEnd, expected }, context));
  } finally {
    await file.close();
  }
}

interface Upload {
  readonly start: number;
  /** Behind the last byte that may come; `undefined` for as many as there are. */
  readonly rangeEnd: number | undefined;
  readonly expected: ExpectedUpload;
}

function receiving(file: FileWriter, { start, rangeEnd, expected }: Upload, { state }: CommandContext): Mover {
  return async (data) => {
    // What lies behind a range stays as it is.
    await (rangeEnd === undefined ? file.begin(start) : file.beginWithin(start));
    expected.begun();
    let left = (rangeEnd ?? Number.POSITIVE_INFINITY) - start;
    const write = (bytes: Buffer) => {
      left -= bytes.length;
      if (left < 0) throw new ServerError('E_OFFSET', 'More came than the range takes');
      return file.write(bytes);
    };
    const lines = state.type === 'A' ? new NetworkLines() : undefined;
    await data.receive(lines === undefined ? write : (piece) => write(lines.take(piece)));
    if (lines !== undefined) await write(lines.rest());
    if (rangeEnd !== undefined && left > 0) throw new ServerError('E_OFFSET', 'The range was not filled');
    await expected.ended();
  };
}

/** A place in a text has no number: line ends are counted differently on both sides (RFC 3659 section 5.1). */
function mustBeBytes({ type, restart, rangeEnd }: SessionState): void {
  if (type === 'A' && (restart > 0 || rangeEnd !== undefined)) {
    throw new ServerError('E_UNSUPPORTED', 'REST and RANG need TYPE I');
  }
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
  // Refused by the transfer as well, where TYPE A comes behind it.
  if (state.type === 'A' && offset > 0) throw new ServerError('E_UNSUPPORTED', 'REST needs TYPE I');
  Object.assign(state, { restart: offset, rangeEnd: undefined });
  return { code: 350, text: `The next transfer begins at ${offset}` };
}

/** The transfer itself was ended when the line came in; what is left is to say so. */
function abort({ data, wasAborted }: CommandContext): Answer {
  data.close();
  return wasAborted ? { code: 226, text: 'Transfer aborted' } : { code: 225, text: 'There was no transfer' };
}
