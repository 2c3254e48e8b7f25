import type { Clock } from './clock.ts';

// So late a rate that has changed is noticed.
const LONGEST_NAP_MS = 200;

// Twenty pieces a second move smoothly at any rate; larger ones than 64 KiB would gain nothing.
const PIECES_PER_SECOND = 20;
const SMALLEST_PIECE = 256;
const LARGEST_PIECE = 64 * 1024;

/** Lets so much through a second, and makes who wants more wait. Several may take at once: whoever wakes first is served. */
export class TokenBucket {
  readonly #rate: () => number;
  readonly #clock: Clock;
  readonly #burstMs: number;
  readonly #signal: AbortSignal | undefined;
  #stock = 0;
  #filledAt: number;

  /**
   * @param rate so much a second, asked again and again; Infinity for no limit
   * @param burstMs so long what is not taken can be saved up: timers that wake late would cost some of the rate without it
   * @param signal lets through all that waits, and whatever comes
   */
  constructor(rate: () => number, clock: Clock, burstMs: number, signal?: AbortSignal) {
    this.#rate = rate;
    this.#clock = clock;
    this.#burstMs = burstMs;
    this.#signal = signal;
    this.#filledAt = clock.now();
  }

  /** How many bytes should be taken at a time; Infinity while there is no limit. */
  get pieceSize(): number {
    const rate = this.#rate();
    if (rate === Number.POSITIVE_INFINITY) return rate;
    return Math.max(SMALLEST_PIECE, Math.min(LARGEST_PIECE, Math.floor(rate / PIECES_PER_SECOND)));
  }

  /**
   * Wait until all that was taken before is paid for, and take. So a large amount waits no longer to begin than a small one.
   *
   * @param signal lets this one through
   */
  async take(amount: number, signal = this.#signal): Promise<void> {
    for (;;) {
      const rate = this.#fill();
      // What goes while there is no limit is not owed when there is one again.
      if (rate === Number.POSITIVE_INFINITY || signal?.aborted) return;
      if (this.#stock >= 0) break;
      const leftMs = Math.max(1, Math.ceil((-this.#stock / rate) * 1000));
      await this.#clock.wait(Math.min(LONGEST_NAP_MS, leftMs), signal);
    }
    this.#stock -= amount;
  }

  #fill(): number {
    const rate = this.#rate();
    const now = this.#clock.now();
    // A clock that is set back must not make anybody wait for that time to come again.
    const elapsedMs = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    if (rate === Number.POSITIVE_INFINITY) this.#stock = 0;
    else this.#stock = Math.min(this.#stock + (rate * elapsedMs) / 1000, (rate * this.#burstMs) / 1000);
    return rate;
  }
}
