import type { EventEmitter } from 'node:events';
import type { JobKind, JobProgress, JobStart, TransferEvents } from '../transfer/progress.ts';
import { type TransferError, toPlain } from '../transfer/transfer-error.ts';
import type { Call } from './call.ts';
import type { Growth } from './growth.ts';
import type { Ended } from './transfer-jobs.ts';

/** Passes on what workers tell of calls, together with what they need not tell since it is known here. */
export class CallEvents {
  readonly #events: EventEmitter<TransferEvents>;
  readonly #growth: Growth | undefined;

  /** @param growth is told what is got done */
  constructor(events: EventEmitter<TransferEvents>, growth: Growth | undefined) {
    this.#events = events;
    this.#growth = growth;
  }

  start(call: Call, { worker, at }: Pick<JobStart, 'worker' | 'at'>): void {
    const { job, kind, path, attempt } = call.job;
    // Only kinds that change one of the sides are told.
    call.begun = { job, kind: kind as JobKind, path, worker, attempt, at };
    this.#events.emit('start', call.begun);
  }

  progress(of: JobProgress): void {
    this.#growth?.sent(of.job, of.bytes);
    this.#events.emit('progress', of);
  }

  end(call: Call, end: Ended): void {
    if (!call.begun) return;
    this.#growth?.ended(call.job.job, end.bytes);
    this.#events.emit('end', { ...call.begun, ...end });
    call.begun = undefined;
  }

  /** Its worker ended with it: nobody told its end. */
  lost({ begun }: Call, error: TransferError): void {
    if (begun) this.#events.emit('end', { ...begun, bytes: 0, tookMs: 0, error: toPlain(error) });
  }
}
