import { type Batch, isLight, LIGHT_BYTES } from './batch.ts';
import { BatchSize } from './batch-size.ts';
import type { Call } from './call.ts';
import { shareOf, takeBatch } from './take-batch.ts';

// Three calls may be on their way at once, their steps overlapping: with one more a worker goes on without a gap.
const STILL_GOING = 4;

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
    return next && isLight(next) ? takeBatch(this.#ready, workers, this.#batchSize.jobs, LIGHT_BYTES) : [];
  }

  /** With so many calls one of so many workers gets more: fewer near the end, which is for those that have none. */
  few(workers: number): number {
    return Math.min(this.#batchSize.few, Math.max(STILL_GOING, shareOf(this.#ready, workers)));
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
