import { TransferError } from '../transfer/transfer-error.ts';
import { done } from './far-reply.ts';
import type { FtpConnection } from './ftp-connection.ts';

/**
 * Make sure that a file that was sent is there, when something is refused that may be refused because it is not.
 *
 * A server that tells neither size nor time of anything is believed: it cannot be asked.
 *
 * @param path absolute far path
 * @throws TransferError E_TRUNCATED when others have removed it, E_REFUSED when they have put a folder there
 */
export async function assertStillThere(path: string, connection: FtpConnection): Promise<void> {
  const [entered, ...told] = await connection.flight([`CWD ${path}`, `SIZE ${path}`, `MDTM ${path}`]);
  if (entered && done(entered)) {
    throw new TransferError('E_REFUSED', `Cannot send ${path}: there is a folder of that name`);
  }
  if (told.some(done) || told.every(({ code }) => code !== 550)) return;
  throw gone(path);
}

/** What was sent is not there any more: others have removed it. */
export function gone(path: string): TransferError {
  return new TransferError('E_TRUNCATED', `${path} is not on the site any more, although it was sent`, { retry: true });
}
