import { TransferError } from '../transfer/transfer-error.ts';
import type { Errand } from './transfer-jobs.ts';

/** Nothing can be done any more, and this was not begun. */
export function closedError({ site }: Errand): TransferError {
  return new TransferError('E_CLOSED', `The connection to ${site.host} was closed before this was begun`);
}
