import type { Clock } from './clock.ts';

/**
 * A clock that never goes back: for who compares a time with one that he set before.
 *
 * When the machine's clock is set back, by an hour say, this one goes on from where it was, so that nobody waits for that
 * hour once more. When it is set forward, waits end early, which does no harm to who looks again.
 */
export class SteadyClock implements Clock {
  readonly #clock: Clock;
  #last: number;
  /** So much the other clock was set back. */
  #lostMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = clock.now();
  }

  now(): number {
    const now = this.#clock.now();
    this.#lostMs += Math.max(0, this.#last - now);
    this.#last = now;
    return now + this.#lostMs;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.wait(ms, signal);
  }

  after(ms: number, run: () => void): () => void {
    return this.#clock.after(ms, run);
  }
}
