import { TransferError } from '../transfer/transfer-error.ts';
import { folderOf } from './far-path.ts';
import type { FtpConnection } from './ftp-connection.ts';

/** What `ls -a` tells of the folder that is listed: `drwxr-xr-x 2 a a 4096 Feb  4 05:06 .` */
const ITSELF = /^d.* (?:\d{4}|\d{1,2}:\d{2}) \.\r?$/m;

/**
 * May a LIST -a that brought this be one of a folder that may be entered and not read?
 *
 * vsftpd answers 226 to that, as to any other. But it names the folder itself in its listings, as `.`: one that brings not
 * even that is none. Every listing that brings something shows whether a server does so.
 */
export function mayBeUnread(connection: FtpConnection, text: string): boolean {
  if (text === '') return connection.namesFolders !== false;
  connection.namesFolders ||= ITSELF.test(text);
  return false;
}

/**
 * Is it one? Where no listing has shown yet how the server does it, those of the folders above do; where they show nothing
 * either, it is believed.
 *
 * @param folder absolute far path
 */
export async function isUnread(connection: FtpConnection, folder: string, text: string): Promise<boolean> {
  if (!mayBeUnread(connection, text)) return false;
  for (let above = folder; connection.namesFolders === undefined && above !== '/'; ) {
    above = folderOf(above);
    await connection.ask(`CWD ${above}`);
    mayBeUnread(connection, await connection.listing('LIST -a'));
  }
  return connection.namesFolders === true;
}

/** A connection that is cut in order in the middle of a listing looks like its end, but for the line that it was in. */
export function assertWhole(folder: string, text: string): void {
  if (text === '' || text.endsWith('\n')) return;
  throw new TransferError('E_TRUNCATED', `The listing of ${folder} broke off in the middle of a line`, { retry: true });
}
