import { Readable } from 'node:stream';
import { TransferError } from '../transfer/transfer-error.ts';
import { discard } from './discard.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { storeRaw } from './raw-moves.ts';
import type { FarHabits } from './sending.ts';
import { findTimeWay, promisedTimeWay, type TimeWay } from './set-time.ts';
import { temporaryPath } from './temporary-name.ts';

/** What {@link keepsTimes} asks with. */
export interface TimeQuestion {
  /** A file that is there, below the far root. */
  readonly path: string;
  /** The time that it has, in milliseconds since 1970 (UTC). */
  readonly mtimeMs: number;
  readonly pairId: string;
}

// No upload that goes on has this version: where it is asked for, the file of that path is to be removed.
const EMPTY = { size: 0, mtimeMs: 0 };

/**
 * Does the far side keep the times of files that are sent?
 *
 * Shown by what is known already, or promised by FEAT, or else tried out: with the file itself, which gets the time that it
 * has, and where that is refused, perhaps because the file belongs to another user, with an empty file of our own. Where
 * even that cannot be made nobody knows, and yes is the answer with which nothing of others is removed.
 */
export async function keepsTimes(
  { path, mtimeMs, pairId }: TimeQuestion,
  connection: FtpConnection,
  habits: FarHabits,
): Promise<boolean> {
  const known = habits.timeWay ?? promisedTimeWay(connection);
  if (known !== undefined) return known !== 'none';
  const tried = await findTimeWay(connection, connection.absolute(path), mtimeMs);
  const own = connection.absolute(temporaryPath(pairId, path, EMPTY));
  const found = tried === 'none' ? await wayWithOwn(own, mtimeMs, connection) : tried;
  if (found !== undefined) habits.timeWay = found;
  return found !== 'none';
}

/** @returns `undefined` when the file cannot be made */
async function wayWithOwn(file: string, mtimeMs: number, connection: FtpConnection): Promise<TimeWay | undefined> {
  try {
    await storeRaw({ content: Readable.from([]), path: file, place: 'begin' }, connection, {});
    return await findTimeWay(connection, file, mtimeMs);
  } catch (error) {
    if (error instanceof TransferError && !error.retry) return undefined;
    throw error;
  } finally {
    await discard(file, connection);
  }
}
