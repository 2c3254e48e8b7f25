import { parseTime } from '../ftp/time.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { sizeIn } from './check-sent.ts';
import { discard } from './discard.ts';
import { replyError } from './far-error.ts';
import { done, type Reply } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { Sending } from './sending.ts';
import type { Shipment } from './shipment.ts';
import { assertStillThere, gone } from './still-there.ts';

/**
 * Rename onto the final name.
 *
 * Some servers rename, but not onto an existing file: there it steps aside, and comes back when that was of no use.
 *
 * @returns false when it is refused
 * @throws TransferError when it was refused for now, or because a folder is in the way; or when the temporary file is gone
 */
export async function takeName(connection: FtpConnection, shipment: Shipment): Promise<boolean> {
  const { temporary, aside, final } = shipment;
  const renaming = [`RNFR ${temporary}`, `RNTO ${final}`];
  const [from, to] = await connection.flight(renaming);
  if (to && done(to)) return isOurs(from, shipment);
  const refusal = from?.code === 350 ? to : from;
  if (refusal?.code !== 421 && done(await connection.ask(`CWD ${final}`))) {
    throw new TransferError('E_REFUSED', `Cannot send ${final}: there is a folder of that name`);
  }
  if (refusal && refusal.code < 500) throw replyError(`Cannot rename to ${final}`, refusal);
  if (from?.code !== 350) {
    await assertStillThere(temporary, connection);
    return false;
  }
  // Not in one flight with what follows: Pure-FTPd would take RNTO for the RNFR before, of the new file.
  const [, old] = await connection.flight([`DELE ${aside}`, `RNFR ${final}`]);
  if (old?.code !== 350) return false;
  shipment.reaches('aside');
  const [moved, fromAgain, renamed] = await connection.flight([`RNTO ${aside}`, ...renaming]);
  const hasMoved = moved !== undefined && done(moved);
  if (renamed && done(renamed)) {
    if (hasMoved) await discard(aside, connection);
    return true;
  }
  if (hasMoved) await connection.flight([`RNFR ${aside}`, `RNTO ${final}`]);
  if (fromAgain?.code !== 350) throw gone(temporary);
  if (renamed && renamed.code < 500) throw replyError(`Cannot rename to ${final}`, renamed);
  return false;
}

/**
 * Pure-FTPd keeps the file of an earlier RNFR when the next one is refused, and renames that.
 *
 * @throws TransferError when another file got the name
 */
function isOurs(from: Reply | undefined, shipment: Shipment): true {
  if (from?.code === 350) return true;
  shipment.reaches('content');
  throw gone(shipment.temporary);
}

/**
 * Rename to a name that nothing has: does the server rename anything at all?
 *
 * @returns the name, which is one of a temporary file, too; `undefined` when it does not
 */
export async function takeOtherName(connection: FtpConnection, temporary: string): Promise<string | undefined> {
  const other = `${temporary}.1`;
  const renamed = (await connection.flight([`RNFR ${temporary}`, `RNTO ${other}`])).at(-1);
  return renamed && done(renamed) ? other : undefined;
}

/**
 * Was the renaming done in a try that never heard the answer? Then the temporary file is gone, and what has the final
 * name is of the size and, where times are kept, of the time that were sent.
 *
 * Only a try that got so far is asked about: an older version may have the same size, and a time in the same second.
 */
export async function hasName(
  { source: { size, mtimeMs }, temporary, final, before: brokenAt }: Shipment,
  { connection, habits, onBegin }: Sending,
): Promise<boolean> {
  if (brokenAt !== 'rename' && brokenAt !== 'aside') return false;
  const [before, after, time] = await connection.flight([`SIZE ${temporary}`, `SIZE ${final}`, `MDTM ${final}`]);
  if (before?.code !== 550 || sizeIn(after) !== size) return false;
  const told = parseTime(/^213 (\S+)/.exec(time?.message ?? '')?.[1] ?? '');
  const keepsTimes = habits.timeWay !== undefined && habits.timeWay !== 'none';
  const isSame = !keepsTimes || told === Math.floor(mtimeMs / 1000) * 1000;
  if (isSame) onBegin(size);
  return isSame;
}
