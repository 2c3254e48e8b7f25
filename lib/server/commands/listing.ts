import { formatFacts, formatLong } from '../../ftp/listing-lines.ts';
import { type Answer, type Command, type CommandContext, type Login, loginOf } from '../command.ts';
import type { Entry } from '../entry.ts';
import { ServerError } from '../server-error.ts';
import { sending, transfer } from '../transfer.ts';
import { resolvePath } from '../virtual-path.ts';

/** Service commands that list (RFC 959 section 4.1.3, RFC 3659 section 7). */
export const listingCommands: readonly Command[] = [
  {
    verb: 'LIST',
    argument: 'optional',
    permission: 'read',
    usesData: true,
    help: 'LIST [<path>]',
    source: 'RFC 959 section 4.1.3',
    replies: [550, 553],
    run: list,
  },
  {
    verb: 'NLST',
    argument: 'optional',
    permission: 'read',
    usesData: true,
    help: 'NLST [<path>]',
    source: 'RFC 959 section 4.1.3, RFC 1123 section 4.1.2.7',
    replies: [550, 553],
    run: listNames,
  },
  {
    verb: 'MLSD',
    argument: 'optional',
    permission: 'read',
    usesData: true,
    help: 'MLSD [<folder>]',
    source: 'RFC 3659 section 7',
    replies: [501, 550, 553],
    run: listFacts,
  },
  {
    verb: 'MLST',
    argument: 'optional',
    permission: 'read',
    isAbortable: true,
    help: 'MLST [<path>]',
    source: 'RFC 3659 section 7',
    replies: [250, 550, 553],
    run: tellFacts,
  },
];

type Format = (entry: Entry) => string;

async function list(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, withoutOptions(argument));
  const { folder } = loginOf(context);
  const format = longFormat(context);
  const entry = await folder.entry(path);
  if (entry.kind === 'file') return transfer(context, 'Here it comes', sending(one(`${format(entry)}\r\n`)));
  return sendFolder(context, path, format);
}

/**
 * Each name as it can be asked for from the current folder: with the path that was named before it. Clients take it for the
 * argument of the transfers behind it (RFC 1123 section 4.1.2.7).
 */
async function listNames(context: CommandContext, argument: string): Promise<Answer> {
  const named = withoutOptions(argument);
  const path = resolvePath(context.state.cwd, named);
  const { kind } = await loginOf(context).folder.entry(path);
  if (kind === 'file') return transfer(context, 'Here it comes', sending(one(`${named}\r\n`)));
  const before = named.replace(/\/*$/, named === '' ? '' : '/');
  return sendFolder(context, path, ({ name }) => before + name);
}

async function listFacts(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  // RFC 3659 section 7.2: MLSD of what is no folder is an error of the argument, not of the file.
  const { kind } = await loginOf(context).folder.entry(path);
  if (kind === 'file' || kind === 'other') throw new ServerError('E_ARGUMENT', 'Not a folder');
  return sendFolder(context, path, await factsFormat(context));
}

async function tellFacts(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  const login = loginOf(context);
  const entry = await login.folder.entry(path);
  const line = formatFacts(
    { ...entry, name: path, perm: permOf(entry, { login, hasRoom: await hasRoom(login), isRoot: path === '/' }) },
    context.state.facts,
  );
  return { code: 250, text: ['What is known', line, 'End'] };
}

async function sendFolder(context: CommandContext, path: string, format: Format): Promise<Answer> {
  const batches = loginOf(context).folder.entries(path);
  try {
    // A folder that cannot be read, or entered, is refused ahead of 150.
    const first = await batches.next();
    return await transfer(context, 'Here it comes', sending(lines(first, batches, format)));
  } finally {
    await batches.return(undefined);
  }
}

type Batches = AsyncGenerator<readonly Entry[], undefined>;

async function* lines(
  first: IteratorResult<readonly Entry[], undefined>,
  rest: Batches,
  format: Format,
): AsyncGenerator<string> {
  for (let batch = first; !batch.done; batch = await rest.next()) {
    yield batch.value.map((entry) => `${format(entry)}\r\n`).join('');
  }
}

async function* one(line: string): AsyncGenerator<string> {
  yield line;
}

async function factsFormat(context: CommandContext): Promise<Format> {
  const login = loginOf(context);
  const { facts } = context.state;
  const who = { login, hasRoom: await hasRoom(login), isRoot: false };
  return (entry) => formatFacts({ ...entry, perm: permOf(entry, who) }, facts);
}

/** Does anything fit into the quota? */
async function hasRoom({ folder }: Login): Promise<boolean> {
  return (await folder.leftBytes()) !== 0;
}

function longFormat({ clock }: CommandContext): Format {
  const now = clock.now();
  return (entry) => formatLong({ ...entry, perm: '' }, now);
}

// A link is not followed and a device not opened: what can be done is to rename and to remove them.
const rights = {
  directory: { reading: 'el', storing: 'c', writing: 'mp' },
  file: { reading: 'r', storing: 'aw', writing: '' },
  link: { reading: '', storing: '', writing: '' },
  other: { reading: '', storing: '', writing: '' },
} as const;

interface Asking {
  readonly login: Login;
  readonly hasRoom: boolean;
  /** Is it the root that is asked about? */
  readonly isRoot: boolean;
}

/** What the account may do with an entry (RFC 3659 section 7.5.5): what it is allowed to, and has room for. */
function permOf({ kind }: Entry, { login: { permissions }, hasRoom: isRoomLeft, isRoot }: Asking): string {
  const { reading, storing, writing } = rights[kind];
  const mayWrite = permissions.includes('write');
  return [
    permissions.includes('read') ? reading : '',
    mayWrite && isRoomLeft ? storing : '',
    mayWrite ? writing : '',
    // The root can neither be removed nor be renamed.
    mayWrite && !isRoot ? 'df' : '',
  ].join('');
}

/** Clients send what their users type after `ls`: options of a program that is not here. */
export function withoutOptions(argument: string): string {
  return argument.replace(/^ *(-[^ ]* *)+/, '');
}
