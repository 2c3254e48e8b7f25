import { type DetailedEntry, parseDetailed } from '../ftp/listing-details.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { sizeIn } from './check-sent.ts';
import { replyError } from './far-error.ts';
import { folderOf, nameIn } from './far-path.ts';
import { done, type Reply, timeIn } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { assertWhole, isUnread } from './whole-listing.ts';

/**
 * What is at a far path, as far as the server lets anybody know: an entry, `undefined` for nothing, or `unseen` where there
 * may be something. Who wants to write there must not take that for nothing.
 */
export type Sighting = DetailedEntry | 'unseen' | undefined;

/** The same, and what has no size: no file, but maybe a folder that nobody can look into. */
type Found = Sighting | 'no-file';

/** What came of a listing. */
export interface FolderText {
  readonly command: 'MLSD' | 'LIST';
  readonly text: string;
}

/**
 * Look at an absolute far path: by MLST (RFC 3659 section 7), else in the listing of the folder that it is in.
 *
 * Neither is believed when it says that there is nothing: a folder that may be entered and not read has an empty listing, a
 * line of a listing may be one that nobody can read, and 550 is also the answer to who may not look. SIZE knows better.
 */
export async function entryAt(connection: FtpConnection, path: string): Promise<Sighting> {
  const found = await findAt(connection, path);
  return found === 'no-file' ? undefined : found;
}

/**
 * List a far folder.
 *
 * @param folder absolute far path
 * @throws TransferError as {@link enterFolder}; E_REFUSED also when it may not be read
 */
export async function readFolder(connection: FtpConnection, folder: string): Promise<FolderText> {
  const read = await textOf(connection, folder);
  if (read.command === 'MLSD' || !(await isUnread(connection, folder, read.text))) return read;
  // One that broke off ahead of its first line looks the same, but only once.
  const again = await textOf(connection, folder);
  if (again.text !== '') return again;
  throw new TransferError(
    'E_REFUSED',
    `Cannot read the folder ${folder}: the server shows nothing of it, not even the folder itself`,
  );
}

/**
 * Enter a far folder. 550 is the answer where there is none, and also where it is there and may not be entered: then what is
 * known of the place, and of the folder that it is in, tells which it is.
 *
 * @param folder absolute far path
 * @throws TransferError E_MISSING when it is known that there is no such folder, E_REFUSED
 */
export async function enterFolder(connection: FtpConnection, folder: string): Promise<void> {
  const reply = await connection.ask(`CWD ${folder}`);
  if (done(reply)) return;
  if (reply.code !== 550 || (await mayHoldMore(connection, folder))) {
    throw replyError(`Cannot open the folder ${folder}`, reply);
  }
  const { message } = replyError(`There is no folder ${folder} on the site`, reply);
  throw new TransferError('E_MISSING', message, { reply: reply.code });
}

async function textOf(connection: FtpConnection, folder: string): Promise<FolderText> {
  await enterFolder(connection, folder);
  if (connection.features.has('MLST')) return { command: 'MLSD', text: await connection.listing('MLSD') };
  return { command: 'LIST', text: await connection.listing('LIST -a') };
}

async function findAt(connection: FtpConnection, path: string): Promise<Found> {
  if (path === '/') return { name: '', kind: 'directory', size: 0 };
  if (!connection.features.has('MLST')) return entryInFolder(connection, path);
  const reply = await connection.ask(`MLST ${path}`);
  if (reply.code === 550) return deniedEntry(connection, path);
  if (!done(reply)) return entryInFolder(connection, path);
  const entry = entryIn(reply.message);
  return entry ? { ...entry, name: nameIn(path) } : ((await entryInFolder(connection, path)) ?? 'unseen');
}

/** MLST says that there is nothing, which means something only where it tells of others. */
async function deniedEntry(connection: FtpConnection, path: string): Promise<Sighting> {
  const folder = folderOf(path);
  const questions = [`SIZE ${path}`, `MDTM ${path}`, `MLST ${folder}`, `CWD ${folder}`];
  const [size, time, ofFolder, entered] = await connection.flight(questions);
  const file = fileBy(path, size, time);
  if (file !== undefined) return file;
  if (entered && done(entered)) return ofFolder && done(ofFolder) ? undefined : 'unseen';
  return (await mayHoldMore(connection, folder)) ? 'unseen' : undefined;
}

/** May there be something in a folder that cannot be entered? 550 is also the answer where there is none. */
async function mayHoldMore(connection: FtpConnection, folder: string): Promise<boolean> {
  const there = await findAt(connection, folder);
  return typeof there === 'string' || (there !== undefined && there.kind !== 'file');
}

async function entryInFolder(connection: FtpConnection, path: string): Promise<Found> {
  const folder = folderOf(path);
  const read = await maybeTextOf(connection, folder);
  if (read === undefined) return undefined;
  const { command, text } = read === 'refused' ? NOTHING : read;
  assertWhole(folder, text);
  const { entries, unreadable } = parseDetailed(command, text);
  const entry = entries.find(({ name }) => name === nameIn(path));
  if (entry) return entry;
  const [size, time] = await connection.flight([`SIZE ${path}`, `MDTM ${path}`]);
  const file = fileBy(path, size, time);
  if (file !== undefined || read === 'refused') return file ?? 'unseen';
  if (command === 'LIST' && (await isUnread(connection, folder, text))) return 'no-file';
  // A line that nobody can read may be that of the entry, unless the server knows SIZE and says that there is no file.
  return unreadable.length === 0 || size?.code === 550 ? undefined : 'unseen';
}

const NOTHING: FolderText = { command: 'MLSD', text: '' };

/** @returns `undefined` when there is no such folder */
async function maybeTextOf(connection: FtpConnection, folder: string): Promise<FolderText | 'refused' | undefined> {
  try {
    return await textOf(connection, folder);
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    if (error.code === 'E_MISSING') return undefined;
    if (error.code === 'E_REFUSED') return 'refused';
    throw error;
  }
}

/** What SIZE and MDTM tell of; who tells a time tells that there is something. */
function fileBy(path: string, ...[size, time]: readonly (Reply | undefined)[]): Sighting {
  const [bytes, mtimeMs] = [sizeIn(size), timeIn(time)];
  if (bytes === undefined) return mtimeMs === undefined ? undefined : 'unseen';
  const file = { name: nameIn(path), kind: 'file', size: bytes } as const;
  return mtimeMs === undefined ? file : { ...file, mtimeMs };
}

/** The second line, without the blank before it; its name is a path. */
function entryIn(message: string): DetailedEntry | undefined {
  const line = message.split(/\r?\n/)[1]?.trimStart() ?? '';
  const facts = line.slice(0, line.indexOf('; ') + 2);
  return facts === '' ? undefined : parseDetailed('MLSD', `${facts}x`).entries[0];
}
