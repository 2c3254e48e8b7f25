import { type DetailedEntry, parseDetailed } from '../ftp/listing-details.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { sizeIn } from './check-sent.ts';
import { folderOf, nameIn } from './far-path.ts';
import { done, type Reply } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { timeIn } from './list-folder.ts';
import { type ShellListing, shellListing } from './shell-entries.ts';

/**
 * What is at a far path, as far as the server lets anybody know: an entry, `undefined` for nothing, or `unseen` where there
 * may be something. Who wants to write there must not take that for nothing.
 */
export type Sighting = DetailedEntry | 'unseen' | undefined;

/**
 * Look at an absolute far path: by MLST (RFC 3659 section 7), else in the listing of the folder that it is in.
 *
 * Neither is believed when it says that there is nothing: a folder that may be entered and not read has an empty listing, a
 * line of a listing may be one that nobody can read, and 550 is also the answer to who may not look. SIZE knows better.
 */
export async function entryAt(connection: FtpConnection, path: string): Promise<Sighting> {
  if (path === '/') return { name: '', kind: 'directory', size: 0 };
  if (!connection.features.has('MLST')) return entryInFolder(connection, path);
  const reply = await connection.ask(`MLST ${path}`);
  if (reply.code === 550) return deniedEntry(connection, path);
  if (!done(reply)) return entryInFolder(connection, path);
  const entry = entryIn(reply.message);
  return entry ? { ...entry, name: nameIn(path) } : ((await entryInFolder(connection, path)) ?? 'unseen');
}

/**
 * What is in a far folder. E_MISSING means that there is none: one that is there and may not be entered is E_REFUSED.
 *
 * @param folder absolute far path
 * @throws TransferError as {@link shellListing}
 */
export async function listingAt(connection: FtpConnection, folder: string): Promise<ShellListing> {
  try {
    return await shellListing(connection, folder);
  } catch (error) {
    if (!(error instanceof TransferError) || error.code !== 'E_MISSING') throw error;
    if (!(await mayHoldMore(connection, folder))) throw error;
    throw new TransferError('E_REFUSED', error.message, error.reply === undefined ? {} : { reply: error.reply });
  }
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
  const there = await entryAt(connection, folder);
  return there === 'unseen' || (there !== undefined && there.kind !== 'file');
}

async function entryInFolder(connection: FtpConnection, path: string): Promise<Sighting> {
  const listing = await listingOf(connection, folderOf(path));
  if (listing === undefined) return undefined;
  const entry = listing.entries.find(({ name }) => name === nameIn(path));
  if (entry) return entry;
  const [size, time] = await connection.flight([`SIZE ${path}`, `MDTM ${path}`]);
  const file = fileBy(path, size, time);
  if (file !== undefined || listing === REFUSED) return file ?? 'unseen';
  // A line that nobody can read may be that of the entry, unless the server knows SIZE and says that there is no file.
  return listing.unreadable.length === 0 || size?.code === 550 ? undefined : 'unseen';
}

const REFUSED: ShellListing = { entries: [], unreadable: [] };

/** @returns `undefined` when there is no such folder */
async function listingOf(connection: FtpConnection, folder: string): Promise<ShellListing | undefined> {
  try {
    return await listingAt(connection, folder);
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    if (error.code === 'E_MISSING') return undefined;
    if (error.code === 'E_REFUSED') return REFUSED;
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
