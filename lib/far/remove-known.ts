import { removeFile } from './change-entry.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { moveToTrash } from './move-to-trash.ts';
import type { Sending } from './sending.ts';
import { assertStillKnown } from './still-known.ts';
import type { RemoveJob } from './transfer-jobs.ts';

/**
 * Remove a file, or move it to the trash, if it is still what was sent where that is known. One that is not there counts as
 * removed.
 *
 * @throws TransferError E_OTHER_CONTENT, E_REFUSED
 */
export async function removeKnown(
  { path, known, trash }: RemoveJob,
  connection: FtpConnection,
  { habits, pairId }: Pick<Sending, 'habits' | 'pairId'>,
): Promise<null> {
  if (known && !(await assertStillKnown({ path, known, pairId }, connection, habits))) return null;
  return trash === undefined ? removeFile(connection, path) : moveToTrash(connection, path, trash);
}
