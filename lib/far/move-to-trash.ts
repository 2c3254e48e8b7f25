import { parentOf } from '../files/directory.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { isGone } from './change-entry.ts';
import { replyError } from './far-error.ts';
import { done } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';

// Each time a file was there that was removed under the same path in the same second: more are a mistake.
const MOST_FOLDERS = 100;

/**
 * Move a file into a folder of the trash, where it keeps its whole path. A file that is not there counts as moved.
 *
 * Nothing in the trash is written over: where something is in the way, the next folder is taken, `FOLDER~2` and so on.
 *
 * @param path below the far root
 * @param folder below the far root, or absolute; made when it is missing
 * @throws TransferError when the server refuses the renaming: the file is still there
 */
export async function moveToTrash(connection: FtpConnection, path: string, folder: string): Promise<null> {
  for (let number = 1; number <= MOST_FOLDERS; number += 1) {
    const numbered = number === 1 ? folder : `${folder}~${number}`;
    const place = numbered.startsWith('/') ? numbered : connection.absolute(numbered);
    if (await isMoved(connection, path, place)) return null;
  }
  throw new TransferError('E_REFUSED', `Cannot move ${connection.absolute(path)} to ${folder}: too much is in the way`);
}

/** @returns false when something is in the way */
async function isMoved(connection: FtpConnection, path: string, place: string): Promise<boolean> {
  const file = connection.absolute(path);
  const target = `${place}/${path}`;
  const [isFolder, ...inTheWay] = await connection.flight([
    ...[`CWD ${file}`, `SIZE ${target}`, `MDTM ${target}`, `CWD ${target}`],
  ]);
  // It would be moved as well, with all that is in it.
  if (isFolder && done(isFolder)) throw new TransferError('E_REFUSED', `Cannot remove ${file}: it is a folder`);
  if (inTheWay.some(done)) return false;
  const renaming = [`RNFR ${file}`, `RNTO ${target}`];
  const [from, to] = await connection.flight(renaming);
  if (from?.code !== 350) return refused(connection, path, from);
  if (to && done(to)) return true;
  // Which number says that the folder is missing differs from server to server: 451, 550, 553.
  await connection.makeFolders(place);
  if (!(await madeBelow(connection, place, parentOf(path)))) return false;
  const again = (await connection.flight(renaming)).at(-1);
  if (again && done(again)) return true;
  throw replyError(`Cannot move ${file} to ${target}`, again ?? { code: 500, message: '500' });
}

/** What the server will not rename is gone, or is not ours to move. */
async function refused(
  connection: FtpConnection,
  path: string,
  reply: { readonly code: number; readonly message: string } | undefined,
): Promise<true> {
  if (reply?.code === 550 && (await isGone(connection, path))) return true;
  throw replyError(`Cannot move ${connection.absolute(path)} to the trash`, reply ?? { code: 500, message: '500' });
}

/** @returns false when a file of the trash is in the way of a folder */
async function madeBelow(connection: FtpConnection, place: string, path: string): Promise<boolean> {
  if (path === '') return true;
  try {
    await connection.makeFolders(`${place}/${path}`);
    return true;
  } catch (error) {
    if (error instanceof TransferError && error.code === 'E_REFUSED') return false;
    throw error;
  }
}
