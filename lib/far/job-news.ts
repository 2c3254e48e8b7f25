import type { EventEmitter } from 'node:events';
import type { JobEnd, TransferEvents } from '../transfer/progress.ts';
import type { Ended, Outcome, TransferEvent } from './transfer-jobs.ts';

/**
 * Tells the parent of the jobs of a worker in few words: what it knows of a job is not told again, and the end and the
 * outcome go together. With thousands of small files a second each word costs.
 */
export class JobNews {
  readonly #tell: (event: TransferEvent) => void;
  readonly #events: EventEmitter<TransferEvents>;
  /** Ends whose outcome is not known yet. */
  readonly #ended = new Map<number, Ended>();

  constructor(events: EventEmitter<TransferEvents>, tell: (event: TransferEvent) => void) {
    this.#tell = tell;
    this.#events = events
      .on('start', ({ job, worker, at }) => tell({ event: 'start', job, worker, at }))
      .on('progress', (of) => tell({ event: 'progress', of }))
      .on('end', (end) => this.#ended.set(end.job, endedOf(end)))
      .on('note', (of) => tell({ event: 'note', of }));
  }

  /** A job has its outcome; if it is one that has an end, that came right before. */
  settle(job: number, outcome: Outcome): void {
    const end = this.#ended.get(job);
    this.#ended.delete(job);
    this.#tell({ event: 'outcome', job, outcome, ...(end && { end }) });
  }

  /** No more jobs: tell the ends of those that have no outcome. */
  close(): void {
    this.#events.removeAllListeners();
    for (const [job, end] of this.#ended) this.#tell({ event: 'end', job, end });
  }
}

function endedOf({ bytes, resumedAt, tookMs, error }: JobEnd): Ended {
  return { bytes, tookMs, ...(resumedAt === undefined ? {} : { resumedAt }), ...(error ? { error } : {}) };
}
