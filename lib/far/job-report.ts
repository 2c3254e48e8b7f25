import type { EventEmitter } from 'node:events';
import type { Clock } from '../base/clock.ts';
import type { JobStart, TransferEvents } from '../transfer/progress.ts';
import { toPlain } from '../transfer/transfer-error.ts';
import { Moved } from './moved.ts';
import type { TransferJob } from './transfer-jobs.ts';

/** Where reports go, and what is in each of them. */
export interface Reporting {
  readonly events: EventEmitter<TransferEvents>;
  readonly clock: Clock;
  /** How the log names who does the work. */
  readonly worker: string;
}

/** What is told of one job while it is done: one start, its bytes now and then, one end. */
export class JobReport {
  readonly moved = new Moved();
  readonly #reporting: Reporting;
  readonly #begun: JobStart | undefined;

  /** Tell that it begins, if it is of a kind that changes one of the sides. */
  constructor(job: TransferJob, reporting: Reporting) {
    this.#reporting = reporting;
    const { job: number, kind, path, attempt } = job;
    if (kind === 'connect' || kind === 'list' || kind === 'survey' || kind === 'keepsTimes') return;
    this.#begun = { job: number, kind, path, worker: reporting.worker, attempt, at: reporting.clock.now() };
    reporting.events.emit('start', this.#begun);
  }

  /** Tell how many bytes have gone, if it is another number than before. */
  bytes(job: number, bytes: number): void {
    if (bytes === this.moved.bytes) return;
    this.moved.bytes = bytes;
    this.#reporting.events.emit('progress', { ...this.moved.told, job, bytes: this.moved.resumedAt + bytes });
  }

  /** Tell that it has ended, and why if it failed. */
  end(...failure: readonly [error?: unknown]): void {
    if (!this.#begun) return;
    const { events, clock } = this.#reporting;
    const tookMs = clock.now() - this.#begun.at;
    const reason = failure.length > 0 ? { error: toPlain(failure[0]) } : {};
    events.emit('end', { ...this.#begun, ...this.moved.told, tookMs, ...reason });
  }
}
