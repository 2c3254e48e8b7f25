import { type DetailedEntry, parseDetailed } from '../ftp/listing-details.ts';
import { sizeIn } from './check-sent.ts';
import { readFolder } from './entry-at.ts';
import { timeIn } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { assertWhole } from './whole-listing.ts';

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
 * @throws TransferError E_MISSING when there is no such folder, E_REFUSED when it may not be entered or read, E_TRUNCATED when
 *   the listing has no end
 */
export async function shellListing(connection: FtpConnection, folder: string): Promise<ShellListing> {
  const { command, text } = await readFolder(connection, folder);
  assertWhole(folder, text);
  return parseDetailed(command, text);
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
