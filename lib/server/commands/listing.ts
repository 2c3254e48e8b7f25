import { isPattern, matchName } from '../../base/match-name.ts';
import { formatFacts, formatLong } from '../../ftp/listing-lines.ts';
import { type Answer, type Command, type CommandContext, type Login, loginOf } from '../command.ts';
import type { Entry } from '../entry.ts';
import { ServerError, toServerError } from '../server-error.ts';
import { sending, transfer } from '../transfer.ts';
import { lastPart, parentPath, resolvePath } from '../virtual-path.ts';

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

// No name is longer: what takes the time that names take, but for all names of a folder, has to have an end.
const LONGEST_PATTERN = 255;

async function list(context: CommandContext, argument: string): Promise<Answer> {
  const format = longFormat(context);
  const wanted = await wantedBy(context, withoutOptions(argument));
  return 'file' in wanted ? sendLine(context, format(wanted.file)) : sendFolder(context, wanted, format);
}

/**
 * Each name as it can be asked for from the current folder: with the path that was named before it. Clients take it for the
 * argument of the transfers behind it (RFC 1123 section 4.1.2.7).
 */
async function listNames(context: CommandContext, argument: string): Promise<Answer> {
  const named = withoutOptions(argument);
  const wanted = await wantedBy(context, named);
  if ('file' in wanted) return sendLine(context, named);
  const { pattern } = wanted;
  const before =
    pattern === undefined ? named.replace(/\/*$/, named === '' ? '' : '/') : named.slice(0, -pattern.length);
  return sendFolder(context, wanted, ({ name }) => before + name);
}

/** What is in a folder, or what of it fits a pattern. */
interface WantedFolder {
  readonly path: string;
  readonly pattern?: string;
}

/** What is meant by an argument: where nothing has that name, and it ends in a pattern, all that fits. See decision 0068. */
async function wantedBy(context: CommandContext, argument: string): Promise<{ readonly file: Entry } | WantedFolder> {
  const path = resolvePath(context.state.cwd, argument);
  try {
    const entry = await loginOf(context).folder.entry(path);
    return entry.kind === 'file' ? { file: entry } : { path };
  } catch (error) {
    const pattern = lastPart(path);
    const isMeant = argument.endsWith(pattern) && pattern.length <= LONGEST_PATTERN && isPattern(pattern);
    if (toServerError(error).code !== 'E_MISSING' || !isMeant) throw error;
    return { path: parentPath(path), pattern };
  }
}

async function listFacts(context: CommandContext, argument: string): Promise<Answer> {
  const path = resolvePath(context.state.cwd, argument);
  // RFC 3659 section 7.2: MLSD of what is no folder is an error of the argument, not of the file.
  const { kind } = await loginOf(context).folder.entry(path);
  if (kind === 'file' || kind === 'other') throw new ServerError('E_ARGUMENT', 'Not a folder');
  return sendFolder(context, { path }, await factsFormat(context));
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

async function sendLine(context: CommandContext, line: string): Promise<Answer> {
  return transfer(context, 'Here it comes', sending(one(`${line}\r\n`)));
}

async function* one(line: string): AsyncGenerator<string> {
  yield line;
}

async function sendFolder(context: CommandContext, { path, pattern }: WantedFolder, format: Format): Promise<Answer> {
  const all = loginOf(context).folder.entries(path);
  const batches = pattern === undefined ? all : fitting(all, pattern, context.signal);
  try {
    // A folder that cannot be read, or entered, is refused ahead of 150.
    const first = await batches.next();
    if (first.done && pattern !== undefined) throw new ServerError('E_MISSING', 'Nothing fits this pattern');
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

/** Without those batches of which nothing fits. */
async function* fitting(batches: Batches, pattern: string, signal: AbortSignal): Batches {
  for await (const batch of batches) {
    if (signal.aborted) throw new ServerError('E_ABORTED', 'Transfer aborted');
    const found = batch.filter(({ name }) => matchName(pattern, name));
    if (found.length > 0) yield found;
  }
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
