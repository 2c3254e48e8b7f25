import type { Call } from './call.ts';
import { contentBytes } from './content-bytes.ts';

// A batch with more than this under way lasts long enough; and nothing shall wait behind a large file that another worker
// could begin.
export const LIGHT_BYTES = 1024 * 1024;

/** The calls that a worker has, from its first one until it has none: more may come to them meanwhile. */
export class Batch {
  readonly worker: number;
  /** Those that have no outcome yet, by job. */
  readonly open = new Map<number, Call>();
  #since: number | undefined;
  #settled = 0;

  /** @param since when it began, in milliseconds; missing while its worker has to log in first: that says nothing about jobs */
  constructor(worker: number, calls: readonly Call[], since: number | undefined) {
    this.worker = worker;
    this.#since = since;
    this.add(calls);
  }

  add(calls: readonly Call[]): void {
    for (const call of calls) this.open.set(call.job.job, call);
  }

  /** Its worker has logged in. */
  opened(now: number): void {
    this.#since ??= now;
  }

  /** A call has its outcome. */
  settled(call: Call): void {
    this.open.delete(call.job.job);
    this.#settled += 1;
  }

  /**
   * Would its worker soon have nothing to do?
   *
   * @param few with so many calls or less it would
   */
  isShort(few: number): boolean {
    if (this.open.size > few) return false;
    let bytes = 0;
    for (const { job } of this.open.values()) {
      // Should this one end the worker, it shall take no others along.
      if (job.attempt > 1) return false;
      bytes += contentBytes(job);
    }
    return bytes <= LIGHT_BYTES;
  }

  /** How long its worker took for how many calls since this was asked last; `undefined` when that says nothing. */
  takePace(now: number): { readonly ms: number; readonly calls: number } | undefined {
    const since = this.#since;
    const calls = this.#settled;
    if (since === undefined || calls === 0) return undefined;
    this.#since = now;
    this.#settled = 0;
    return { ms: now - since, calls };
  }
}

/** May a call travel behind others to a worker that has something to do? */
export function isLight({ job }: Call): boolean {
  return job.attempt === 1 && contentBytes(job) <= LIGHT_BYTES;
}
