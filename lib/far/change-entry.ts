import { codeOf } from '../base/coded-error.ts';
import { nameOf, parentOf } from '../files/directory.ts';
import type { ListedEntry } from '../ftp/listing.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { replyError } from './far-error.ts';
import { done } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';
import { entriesOf } from './list-folder.ts';
import { isTemporaryName } from './temporary-name.ts';

/** Make a folder. A refusal counts as success where the folder is there already (servers answer 521, 550 or 553). */
export async function makeFolder(connection: FtpConnection, path: string): Promise<null> {
  const folder = connection.absolute(path);
  const reply = await connection.ask(`MKD ${folder}`);
  if (done(reply) || (isRefusal(reply) && (await isFolder(connection, folder)))) return null;
  throw replyError(`Cannot make the folder ${folder}`, reply);
}

/**
 * Remove a folder. A refusal counts as success where there is no such folder.
 *
 * What this mirror began to send into it and never finished is removed with it.
 *
 * @param pairId by which temporary files of this mirror are known
 * @throws TransferError E_NOT_EMPTY when it holds other entries, which 550 alone does not say
 */
export async function removeFolder(connection: FtpConnection, path: string, pairId: string): Promise<null> {
  const folder = connection.absolute(path);
  const reply = await connection.ask(`RMD ${folder}`);
  if (done(reply)) return null;
  const isThere = !isRefusal(reply) || (await isFolder(connection, folder));
  if (!isThere && isFileOrNothing(await kindOf(connection, path))) return null;
  if (!isThere || !isRefusal(reply)) throw replyError(`Cannot remove the folder ${folder}`, reply);
  const entries = await entriesOf(connection, path);
  const temporary = entries.filter(({ kind, name }) => kind === 'file' && isTemporaryName(pairId, name));
  if (temporary.length < entries.length) {
    throw new TransferError('E_NOT_EMPTY', `The folder ${folder} holds entries that this mirror did not put there`);
  }
  const removing = [...temporary.map(({ name }) => `DELE ${folder}/${name}`), `RMD ${folder}`];
  const last = temporary.length === 0 ? reply : (await connection.flight(removing)).at(-1);
  if (last && done(last)) return null;
  throw replyError(`Cannot remove the folder ${folder}`, last ?? reply);
}

/** Remove a file. A refusal counts as success where there is no such file. */
export async function removeFile(connection: FtpConnection, path: string): Promise<null> {
  const file = connection.absolute(path);
  const reply = await connection.ask(`DELE ${file}`);
  if (done(reply)) return null;
  if (reply.code === 550 && (await isGone(connection, path))) return null;
  throw replyError(`Cannot remove the file ${file}`, reply);
}

/** Is there nothing of this name? Refusals alone do not say so. */
export async function isGone(connection: FtpConnection, path: string): Promise<boolean> {
  return !(await isThere(connection, connection.absolute(path))) && (await kindOf(connection, path)) === undefined;
}

function isRefusal({ code }: { readonly code: number }): boolean {
  return code === 521 || code === 550 || code === 553;
}

async function isFolder(connection: FtpConnection, path: string): Promise<boolean> {
  return done(await connection.ask(`CWD ${path}`));
}

/** MDTM and SIZE tell of files only, on some servers of one of the two only; a folder of that name answers CWD. */
async function isThere(connection: FtpConnection, path: string): Promise<boolean> {
  const replies = await connection.flight([`SIZE ${path}`, `MDTM ${path}`, `CWD ${path}`]);
  return replies.some(done);
}

/**
 * What an entry is by the listing of its folder: a refusal of CWD, SIZE or MDTM may also mean that it may not be
 * entered, or that the server does not know the command.
 *
 * @returns `undefined` when it is not there
 */
async function kindOf(connection: FtpConnection, path: string): Promise<ListedEntry['kind'] | undefined> {
  const folder = parentOf(path);
  try {
    const name = nameOf(path);
    return (await entriesOf(connection, folder)).find((entry) => entry.name === name)?.kind;
  } catch (error) {
    if (codeOf(error) !== 'E_MISSING') throw error;
    // The folder may be closed to us instead of missing: then nobody knows what is in it.
    return folder === path || isFileOrNothing(await kindOf(connection, folder)) ? undefined : 'other';
  }
}

function isFileOrNothing(kind: ListedEntry['kind'] | undefined): boolean {
  return kind === undefined || kind === 'file';
}
