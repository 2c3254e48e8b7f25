import { messageOf } from '../base/coded-error.ts';
import { PoolError } from '../pool/pool-error.ts';
import { TransferError } from '../transfer/transfer-error.ts';

/** What a pool threw for a batch of jobs. @param what follows the message */
export function workerError(cause: unknown, what: string): TransferError {
  const retry = cause instanceof PoolError && cause.retry;
  return new TransferError('E_WORKER', `${messageOf(cause)}${what}`, { retry, cause });
}
