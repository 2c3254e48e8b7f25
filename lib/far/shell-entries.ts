import { type DetailedEntry, parseDetailed } from '../ftp/listing-details.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { sizeIn } from './check-sent.ts';
import { replyError } from './far-error.ts';
import { done, type Reply } from './far-reply.ts';
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
  if (entered.code === 550) throw missingFolder(folder, entered);
  if (!done(entered)) throw replyError(`Cannot open the folder ${folder}`, entered);
  const tellsFacts = connection.features.has('MLST');
  const text = await connection.listing(tellsFacts ? 'MLSD' : 'LIST -a');
  assertWhole(folder, text);
  return parseDetailed(tellsFacts ? 'MLSD' : 'LIST', text);
}

/** 550 is also the answer to who may not enter a folder: the server's own words tell which it is. */
export function missingFolder(folder: string, reply: Reply): TransferError {
  const { message } = replyError(`There is no folder ${folder} on the site, or it cannot be entered`, reply);
  return new TransferError('E_MISSING', message, { reply: reply.code });
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
