import { TransferError } from '../transfer/transfer-error.ts';
import { done, type FtpConnection, quotedPath } from './ftp-connection.ts';
import { temporaryName } from './send-file.ts';

/** What is to be done with a name that may end with blanks. */
export interface BlankEnd {
  /** Below the far root. */
  readonly path: string;
  /** Will an entry of this name be made? */
  readonly makes: boolean;
  readonly pairId: string;
}

/**
 * Make sure that a server takes a name that ends with blanks as it is.
 *
 * A server that cuts them off would do what is asked to another entry. Pure-FTPd makes underscores of them, and only where
 * it makes or renames entries: there a folder has to be made to see it.
 *
 * @throws TransferError E_NAME
 */
export async function assertKeepsEnd(connection: FtpConnection, { path, makes, pairId }: BlankEnd): Promise<void> {
  const [blanks] = /\s+$/.exec(path) ?? [];
  if (blanks === undefined) return;
  const cuts = done(await connection.ask(`CWD ${connection.absolute('')}${blanks}`));
  // Named after the path: another worker may try another one in the same moment.
  const name = `${temporaryName(pairId, path, { size: 0, mtimeMs: 0 })}${blanks}`;
  if (!cuts && (!makes || (await makesAsAsked(connection, connection.absolute(name))))) return;
  throw new TransferError('E_NAME', `The server does not keep the blanks at the end of ${JSON.stringify(path)}`);
}

async function makesAsAsked(connection: FtpConnection, folder: string): Promise<boolean> {
  const made = await connection.ask(`MKD ${folder}`);
  if (done(await connection.ask(`RMD ${folder}`))) return true;
  const other = quotedPath(made);
  if (done(made) && other !== undefined) await connection.ask(`RMD ${other}`);
  return false;
}
