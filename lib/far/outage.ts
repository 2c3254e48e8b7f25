import type { TransferError } from '../transfer/transfer-error.ts';

// A log that nobody reads at night shall not be full of it in the morning, and who looks shall see that it still waits.
const TELL_EVERY_MS = 60_000;

/** One time in which the server is away: from when on, why, and when to tell of it. */
export class Outage {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** When the patience is over. */
  readonly endsAt: number;
  /** Why the last connection could not be opened. */
  error: TransferError;
  #tellAt: number;

  /** @param patienceMs how long it is borne, in milliseconds */
  constructor(now: number, error: TransferError, patienceMs: number) {
    this.since = now;
    this.endsAt = now + patienceMs;
    this.error = error;
    this.#tellAt = now;
  }

  /**
   * When there is something to do about it: to tell of it, or to give up.
   *
   * @param isProbed does a worker look right now whether it is over? Then it is not given up before that is known
   */
  wakesAt(isProbed: boolean): number {
    return isProbed ? this.#tellAt : Math.min(this.#tellAt, this.endsAt);
  }

  /** Is it to be told now? Then not again for a minute. */
  takesTelling(now: number): boolean {
    if (now < this.#tellAt) return false;
    this.#tellAt = now + TELL_EVERY_MS;
    return true;
  }
}
