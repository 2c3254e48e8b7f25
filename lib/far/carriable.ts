import { TransferError } from '../transfer/transfer-error.ts';

/**
 * A name with CR, LF or NUL would be read as the end of the command and the begin of another.
 *
 * @throws TransferError E_NAME
 */
export function assertCarriable(path: string): void {
  if (!/[\r\n\0]/.test(path)) return;
  throw new TransferError('E_NAME', `FTP cannot carry the name ${JSON.stringify(path)}: it holds a line end or a NUL`);
}
