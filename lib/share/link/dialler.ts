import type { Clock } from '../../base/clock.ts';
import { delayBefore, type RetryRules } from '../../base/retry.ts';

/** One try to connect. */
export interface Dial {
  /** Give it up. */
  readonly signal: AbortSignal;
  /** Somebody has answered; said by whoever connects. */
  isConnected: boolean;
}

/** How a try ended: in so many milliseconds at least comes the next one, if it is needed then. */
export type Redial = { readonly afterMs: number };

/** What a {@link Dialler} works with. */
export interface DiallerOptions {
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random: () => number;
  /** Never refused. */
  readonly connect: (dial: Dial) => Promise<Redial>;
  /** Is there no connection yet? */
  readonly isNeeded: () => boolean;
}

// A peer that was started again is there within a second; one that stays away costs a packet every few seconds.
const PATIENCE: RetryRules = { attempts: Number.POSITIVE_INFINITY, firstDelayMs: 250, longestDelayMs: 5000 };

/** Connects to one address, again and again, for as long as a connection is needed. */
export class Dialler {
  readonly #options: DiallerOptions;
  #current: { readonly dial: Dial; readonly ended: Promise<void>; readonly abort: () => void } | undefined;
  #failures = 0;
  #cancel: () => void = () => undefined;
  #isStopped = false;

  constructor(options: DiallerOptions) {
    this.#options = options;
  }

  /** The try that is under way. */
  get current(): { readonly isConnected: boolean; readonly ended: Promise<void> } | undefined {
    return this.#current && { isConnected: this.#current.dial.isConnected, ended: this.#current.ended };
  }

  /** Connect at once. */
  wake(): void {
    if (this.#current === undefined) this.#schedule(0);
  }

  /**
   * There was a connection, and it is over.
   *
   * @param lastedMs how long; one that ends as soon as it is made counts as none
   * @param afterMs not before
   */
  again(lastedMs: number, afterMs = 0): void {
    if (lastedMs >= PATIENCE.longestDelayMs) this.#failures = 0;
    if (this.#current === undefined) this.#schedule(this.#delayOf(afterMs));
  }

  /** Give up the try that is under way; there will be others. */
  abort(): void {
    this.#current?.abort();
  }

  /** Give up for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    this.abort();
    await this.#current?.ended;
  }

  #delayOf(leastMs: number): number {
    this.#failures += 1;
    return Math.max(leastMs, delayBefore(this.#failures + 1, PATIENCE, this.#options.random));
  }

  #schedule(ms: number): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#options.clock.after(ms, () => this.#begin());
  }

  #begin(): void {
    if (this.#isStopped || this.#current !== undefined || !this.#options.isNeeded()) return;
    const controller = new AbortController();
    const dial = { signal: controller.signal, isConnected: false };
    const ended = this.#options.connect(dial).then(({ afterMs }) => {
      this.#current = undefined;
      if (this.#options.isNeeded()) this.#schedule(this.#delayOf(afterMs));
    });
    this.#current = { dial, ended, abort: () => controller.abort() };
  }
}
