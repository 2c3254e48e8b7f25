import { codeOf } from '../base/coded-error.ts';
import { nameOf, parentOf } from '../files/directory.ts';
import type { ListedEntry } from '../ftp/listing.ts';
import { dependsOnTimes, type FarFile, SameFile } from '../transfer/same-file.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import type { Uploaded } from '../transfer/transport.ts';
import { isGone } from './change-entry.ts';
import { sizeIn } from './check-sent.ts';
import { timeIn } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { keepsTimes } from './keeps-times.ts';
import { entriesOf } from './list-folder.ts';
import type { FarHabits } from './sending.ts';

/** What is looked at. */
export interface KnownFile {
  /** Below the far root. */
  readonly path: string;
  /** Size and time with which it was sent. */
  readonly known: Uploaded;
  readonly pairId: string;
}

/**
 * Make sure that a file is still what was sent: what others changed since, or put in its place, is theirs.
 *
 * SIZE and MDTM tell it in one round trip. Where they do not, or tell of something else, the listing of the folder is
 * asked, too: some servers lack one of the two, and an answer may be wrong.
 *
 * @returns whether it is there at all
 * @throws TransferError E_OTHER_CONTENT when it is something else by now, to be tried again where the listing denies that;
 *   E_REFUSED when nobody can tell
 */
export async function assertStillKnown(
  { path, known, pairId }: KnownFile,
  connection: FtpConnection,
  habits: FarHabits,
): Promise<boolean> {
  const file = connection.absolute(path);
  const isStill = async (there: FarFile) => {
    // Another time says nothing where the server does not keep the one that was sent.
    const isTelling =
      dependsOnTimes(known, there) && (await keepsTimes({ path, mtimeMs: there.mtimeMs, pairId }, connection, habits));
    return new SameFile(isTelling).isStill(known, there);
  };
  const [size, mtimeMs] = await askOf(file, connection);
  const told = size === undefined ? undefined : fileOf(size, mtimeMs);
  // Only MLSD tells times as exactly as MDTM.
  const isAllTold = mtimeMs !== undefined || !connection.features.has('MLST');
  const isToldSame = told && (await isStill(told));
  if (isToldSame && isAllTold) return true;
  if (!told && mtimeMs === undefined && (await isGone(connection, path))) return false;
  const listed = await listedAt(path, connection);
  const there = listed ? { ...fileOf(listed.size, listed.mtimeMs ?? mtimeMs), kind: kindOf(listed) } : told;
  if (!there) {
    throw new TransferError(
      'E_REFUSED',
      `Cannot remove ${file}: the server does not tell whether it is as it was sent`,
    );
  }
  const isListedSame = await isStill(there);
  if (isListedSame && isToldSame !== false) return true;
  // Where the two do not agree one of them is wrong, or was not up to date.
  const retry = isListedSame;
  throw new TransferError('E_OTHER_CONTENT', `${file} is not what was sent any more: others changed it`, { retry });
}

/** Size and time of a file, each as far as the server tells it. */
async function askOf(
  file: string,
  connection: FtpConnection,
): Promise<readonly [number | undefined, number | undefined]> {
  const [size, time] = await connection.flight([`SIZE ${file}`, `MDTM ${file}`]);
  return [sizeIn(size), timeIn(time)];
}

function fileOf(size: number, mtimeMs: number | undefined): FarFile {
  return { kind: 'file', size, ...(mtimeMs === undefined ? {} : { mtimeMs }) };
}

async function listedAt(path: string, connection: FtpConnection): Promise<ListedEntry | undefined> {
  try {
    return (await entriesOf(connection, parentOf(path))).find(({ name }) => name === nameOf(path));
  } catch (error) {
    if (codeOf(error) === 'E_MISSING') return undefined;
    throw error;
  }
}

function kindOf({ kind }: ListedEntry): FarFile['kind'] {
  return kind === 'link' ? 'other' : kind;
}
