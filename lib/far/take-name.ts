import { parseTime } from '../ftp/time.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { sizeIn } from './check-sent.ts';
import { replyError } from './far-error.ts';
import { done, type FtpConnection } from './ftp-connection.ts';
import type { Sending } from './sending.ts';
import type { Shipment } from './shipment.ts';
import { assertStillThere, gone } from './still-there.ts';

/**
 * Rename onto the final name.
 *
 * Some servers rename, but not onto an existing file: there it is removed first, in the same flight.
 *
 * @returns false when the server renames nothing
 * @throws TransferError when this one rename was refused: for now, or because a folder is in the way; or when the temporary
 *   file is gone
 */
export async function takeName(connection: FtpConnection, temporary: string, final: string): Promise<boolean> {
  const renaming = [`RNFR ${temporary}`, `RNTO ${final}`];
  const [from, to] = await connection.flight(renaming);
  if (to && done(to)) return true;
  const refusal = from?.code === 350 ? to : from;
  if (refusal?.code !== 421 && done(await connection.ask(`CWD ${final}`))) {
    throw new TransferError('E_REFUSED', `Cannot send ${final}: there is a folder of that name`);
  }
  if (refusal && refusal.code < 500) throw replyError(`Cannot rename to ${final}`, refusal);
  if (from?.code !== 350) {
    await assertStillThere(temporary, connection);
    return false;
  }
  const [, fromAgain, renamed] = await connection.flight([`DELE ${final}`, ...renaming]);
  if (fromAgain?.code !== 350) throw gone(temporary);
  return renamed !== undefined && done(renamed);
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
 * name is of the size and the time that were sent.
 *
 * A try of this connection's owner that got as far as the renaming is proof enough where times are not kept.
 */
export async function hasName(
  { source: { size, mtimeMs }, temporary, final, before: brokenAt }: Shipment,
  { connection, habits, again, resumeAbove, onBegin }: Sending,
): Promise<boolean> {
  const triedToRename = brokenAt === 'rename';
  if (!triedToRename && !(again && size >= resumeAbove)) return false;
  const [before, after, time] = await connection.flight([`SIZE ${temporary}`, `SIZE ${final}`, `MDTM ${final}`]);
  if (before?.code !== 550 || sizeIn(after) !== size) return false;
  const told = parseTime(/^213 (\S+)/.exec(time?.message ?? '')?.[1] ?? '');
  const isSame = told === Math.floor(mtimeMs / 1000) * 1000 || (triedToRename && habits.timeWay === 'none');
  if (isSame) onBegin(size);
  return isSame;
}
