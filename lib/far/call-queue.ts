import type { JobStart } from '../transfer/progress.ts';
import type { TransferError } from '../transfer/transfer-error.ts';
import { type Batch, isLight } from './batch.ts';
import { BatchSize } from './batch-size.ts';
import { takeBatch } from './take-batch.ts';
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

/** Calls that wait: for their turn, or for their time. */
export class CallQueue {
  #ready: Call[] = [];
  #later: { readonly call: Call; readonly at: number }[] = [];
  #readyAt = Number.POSITIVE_INFINITY;
  readonly #batchSize = new BatchSize();

  push(call: Call): void {
    this.#ready.push(call);
  }

  /** Calls that were taken and not begun come before all others, as they did before. */
  putBack(calls: readonly Call[]): void {
    this.#ready = [...calls, ...this.#ready];
  }

  /** A call whose turn does not come before a time (milliseconds since 1970), and then behind all that are ready. */
  pushLater(call: Call, at: number): void {
    this.#later.push({ call, at });
    this.#readyAt = Math.min(this.#readyAt, at);
  }

  /** How many may be taken now. */
  ready(now: number): number {
    if (now >= this.#readyAt) this.#takeDue(now);
    return this.#ready.length;
  }

  /** When the next call gets ready by itself; infinite when none will. */
  get readyAt(): number {
    return this.#readyAt;
  }

  /** The next batch for one of so many workers. */
  take(workers: number): readonly Call[] {
    return takeBatch(this.#ready, workers, this.#batchSize.jobs);
  }

  /** The next calls for one of so many workers that has some already; none where the next one wants a worker for itself. */
  takeLight(workers: number): readonly Call[] {
    const [next] = this.#ready;
    return next && isLight(next) ? this.take(workers) : [];
  }

  /** With so many calls a worker would soon have nothing to do. */
  get few(): number {
    return this.#batchSize.few;
  }

  /** Make the next batches fit what the worker of one took for its calls. */
  learnFrom(batch: Batch, now: number): void {
    const pace = batch.takePace(now);
    if (pace) this.#batchSize.took(pace.ms, pace.calls);
  }

  /** All that wait; none does any more. */
  takeAll(): readonly Call[] {
    const all = [...this.#ready, ...this.#later.map(({ call }) => call)];
    this.#ready = [];
    this.#later = [];
    this.#readyAt = Number.POSITIVE_INFINITY;
    return all;
  }

  #takeDue(now: number): void {
    const later = this.#later;
    this.#later = [];
    this.#readyAt = Number.POSITIVE_INFINITY;
    for (const { call, at } of later) {
      if (at > now) this.pushLater(call, at);
      else this.#ready.push(call);
    }
  }
}
