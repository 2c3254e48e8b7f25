import type { Clock } from '../../lib/base/clock.ts';

interface Waiter {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until a spec turns its hands. */
export class ManualClock implements Clock {
  /** How long each wait so far was asked to be, in milliseconds. */
  readonly waits: number[] = [];
  #now: number;
  #waiters: Waiter[] = [];
  #watchers: (() => void)[] = [];

  constructor(now = Date.UTC(2026, 0, 2, 3, 4, 5)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(ms);
    const waited = new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
      this.#waiters.push({ until: this.#now + ms, wake });
    });
    for (const watch of this.#watchers.splice(0)) watch();
    return waited;
  }

  after(ms: number, run: () => void): () => void {
    this.waits.push(ms);
    const waiter = { until: this.#now + ms, wake: run };
    this.#waiters.push(waiter);
    for (const watch of this.#watchers.splice(0)) watch();
    return () => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    };
  }

  /** Fulfilled as soon as somebody waits for the clock. */
  async someoneWaits(): Promise<void> {
    if (this.#waiters.length > 0) return;
    await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Let time pass, and wake whom it wakes. */
  advance(ms: number): void {
    this.#now += ms;
    const due = this.#waiters.filter(({ until }) => until <= this.#now);
    this.#waiters = this.#waiters.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
  }
}
