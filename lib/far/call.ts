import type { JobStart } from '../transfer/progress.ts';
import type { TransferError } from '../transfer/transfer-error.ts';
import type { BrokenTry, TransferJob, TransferValue } from './transfer-jobs.ts';

/** A call on its way: from the queue to a worker and, when that fails in a way that may pass, back into the queue. */
export interface Call {
  readonly job: TransferJob;
  readonly resolve: (value: TransferValue) => void;
  readonly reject: (error: TransferError) => void;
  /** The start that a worker told, until it tells the end. */
  begun?: JobStart | undefined;
  /** Why the last try failed; missing when it was surely never begun. */
  readonly lastError?: TransferError;
}

/** The next try of a call whose last one failed. */
export function nextTry(call: Call, lastError: TransferError): Call {
  return { ...call, begun: undefined, lastError, job: { ...call.job, attempt: call.job.attempt + 1 } };
}

/** The call with what is known of how far its last try got; of those before it nothing is left to be known. */
export function brokenAt(call: Call, broken: BrokenTry | undefined): Call {
  return call.job.kind === 'upload' ? { ...call, job: { ...call.job, before: broken } } : call;
}
