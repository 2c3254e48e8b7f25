import { type DetailedEntry, parseDetailed } from '../ftp/listing-details.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { sizeIn } from './check-sent.ts';
import { replyError } from './far-error.ts';
import { folderOf, nameIn } from './far-path.ts';
import { done } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { assertWhole, timeIn } from './list-folder.ts';

/** What is in a far folder, for a reader. */
export interface ShellListing {
  readonly entries: readonly DetailedEntry[];
  /** Lines that nobody can be sure about: hostile or unknown ones. */
  readonly unreadable: readonly string[];
}

/**
 * What is in a far folder.
 *
 * @param folder absolute far path
 * @throws TransferError E_MISSING when there is no such folder, E_TRUNCATED when the listing has no end
 */
export async function shellListing(connection: FtpConnection, folder: string): Promise<ShellListing> {
  const entered = await connection.ask(`CWD ${folder}`);
  if (entered.code === 550)
    throw new TransferError('E_MISSING', `There is no folder ${folder} on the site`, { reply: 550 });
  if (!done(entered)) throw replyError(`Cannot open the folder ${folder}`, entered);
  const tellsFacts = connection.features.has('MLST');
  const text = await connection.listing(tellsFacts ? 'MLSD' : 'LIST -a');
  assertWhole(folder, text);
  return parseDetailed(tellsFacts ? 'MLSD' : 'LIST', text);
}

/**
 * What is at an absolute far path, by MLST (RFC 3659 section 7), else by the listing of the folder that it is in.
 *
 * @returns `undefined` when there is nothing
 */
export async function entryAt(connection: FtpConnection, path: string): Promise<DetailedEntry | undefined> {
  if (path === '/') return { name: '', kind: 'directory', size: 0 };
  if (connection.features.has('MLST')) {
    const reply = await connection.ask(`MLST ${path}`);
    if (reply.code === 550) return undefined;
    const entry = done(reply) ? entryIn(reply.message) : undefined;
    if (entry) return { ...entry, name: nameIn(path) };
  }
  try {
    const { entries } = await shellListing(connection, folderOf(path));
    return entries.find(({ name }) => name === nameIn(path));
  } catch (error) {
    if (error instanceof TransferError && error.code === 'E_MISSING') return undefined;
    throw error;
  }
}

/** The second line, without the blank before it; its name is a path. */
function entryIn(message: string): DetailedEntry | undefined {
  const line = message.split(/\r?\n/)[1]?.trimStart() ?? '';
  const facts = line.slice(0, line.indexOf('; ') + 2);
  return facts === '' ? undefined : parseDetailed('MLSD', `${facts}x`).entries[0];
}

/** Size and time of a far file, as far as they are told. */
export interface FarVersion {
  readonly size: number | undefined;
  /** Milliseconds since 1970 (UTC). */
  readonly mtimeMs: number | undefined;
}

/**
 * Ask for both in one flight.
 *
 * @param path absolute far path
 */
export async function versionAt(connection: FtpConnection, path: string): Promise<FarVersion> {
  const [size, time] = await connection.flight([`SIZE ${path}`, `MDTM ${path}`]);
  return { size: sizeIn(size), mtimeMs: timeIn(time) };
}
