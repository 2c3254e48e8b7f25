import { type ListedEntry, type ParsedListing, parseList, parseMlsd } from '../ftp/listing.ts';
import type { FarEntry, Survey } from '../transfer/transport.ts';
import { readFolder } from './entry-at.ts';
import { type Reply, timeIn } from './far-reply.ts';
import { type FtpConnection, MOST_IN_FLIGHT } from './ftp-connection.ts';
import { isTemporaryName, isTemporaryNameOfOthers } from './temporary-name.ts';
import { assertWhole } from './whole-listing.ts';

/**
 * What is in a far folder, with exact times where the server tells them.
 *
 * By MLSD (RFC 3659) where FEAT has it. LIST gives times to the minute or to the day and in an unknown zone: there each
 * file is asked for its MDTM. Lines that cannot be read are left out: at worst a file is sent once more.
 *
 * @param path below the far root
 * @param pairId by which the temporary files of this mirror are known
 * @throws TransferError E_MISSING when there is no such folder, E_REFUSED when it may not be entered or read
 */
export async function listFolder(
  connection: FtpConnection,
  path: string,
  pairId: string,
): Promise<readonly FarEntry[]> {
  const entries = (await entriesOf(connection, path)).map((entry) => farEntry(entry, pairId));
  return connection.features.has('MLST') ? entries : withTimes(connection, connection.absolute(path), entries);
}

/**
 * What is in a far folder, for one that is to become equal to it: what cannot be read is counted, and one that broke off in
 * the middle of a line is none.
 *
 * @param path below the far root
 * @throws TransferError E_MISSING when there is no such folder, E_REFUSED when it may not be entered or read, E_TRUNCATED
 */
export async function surveyFolder(connection: FtpConnection, path: string, pairId: string): Promise<Survey> {
  const { entries: listed, unreadable } = await listingOf(connection, path, assertWhole);
  const entries = listed.map((entry) => farEntry(entry, pairId));
  const isTimed = connection.features.has('MLST');
  return {
    entries: isTimed ? entries : await withTimes(connection, connection.absolute(path), entries),
    unreadable: unreadable.length,
  };
}

/**
 * What is in a far folder, as the listing tells it.
 *
 * @param path below the far root
 * @throws TransferError E_MISSING when there is no such folder, E_REFUSED when it may not be entered or read
 */
export async function entriesOf(connection: FtpConnection, path: string): Promise<readonly ListedEntry[]> {
  return (await listingOf(connection, path)).entries;
}

async function listingOf(
  connection: FtpConnection,
  path: string,
  check: (folder: string, text: string) => void = () => undefined,
): Promise<ParsedListing> {
  const folder = connection.absolute(path);
  const { command, text } = await readFolder(connection, folder);
  check(folder, text);
  return command === 'MLSD' ? parseMlsd(text) : parseList(text);
}

async function withTimes(
  connection: FtpConnection,
  folder: string,
  entries: readonly FarEntry[],
): Promise<readonly FarEntry[]> {
  const files = entries.filter(({ kind }) => kind === 'file');
  const timed = entries.filter(({ kind }) => kind !== 'file');
  for (let at = 0; at < files.length; at += MOST_IN_FLIGHT) {
    const asked = files.slice(at, at + MOST_IN_FLIGHT);
    const replies = await connection.flight(asked.map((entry) => timeQuestion(folder, entry)));
    for (const [index, entry] of asked.entries()) {
      timed.push(timedBy(replies[index], entry));
    }
  }
  return timed;
}

/** The question for the time of an entry. @param folder absolute far path */
export function timeQuestion(folder: string, { name }: FarEntry): string {
  return `MDTM ${folder === '/' ? '' : folder}/${name}`;
}

/** The entry with the time in the answer to {@link timeQuestion}, if there is one. */
export function timedBy(reply: Reply | undefined, entry: FarEntry): FarEntry {
  const mtimeMs = timeIn(reply);
  return mtimeMs === undefined ? entry : { ...entry, mtimeMs };
}

/** An entry as the mirror sees it. */
export function farEntry({ name, kind, size, mtimeMs }: ListedEntry, pairId: string): FarEntry {
  return {
    ...{ name, kind: farKind(name, kind, pairId), size },
    ...(mtimeMs === undefined ? {} : { mtimeMs }),
    ...(kind === 'file' && isTemporaryNameOfOthers(pairId, name) ? { isBeingSent: true as const } : {}),
  };
}

function farKind(name: string, kind: ListedEntry['kind'], pairId: string): FarEntry['kind'] {
  if (kind === 'link') return 'other';
  return kind === 'file' && isTemporaryName(pairId, name) ? 'temporary' : kind;
}
