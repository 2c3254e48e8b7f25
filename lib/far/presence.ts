import type { EventEmitter } from 'node:events';
import type { TransferEvents } from '../transfer/progress.ts';
import { type TransferError, toPlain } from '../transfer/transfer-error.ts';
import { classOfOpening } from './failure-class.ts';
import { Outage } from './outage.ts';

/** How long a server that cannot be reached is borne. */
export interface Patience {
  /** Tries to reach one that was never there, or that refuses a login which it granted before. */
  readonly attempts: number;
  /** The wait for one that was there, in milliseconds. */
  readonly patienceMs: number;
}

/** Is the server there? Tells when it goes away and comes back, and knows when to give it up. */
export class Presence {
  readonly #patience: Patience;
  readonly #events: EventEmitter<TransferEvents>;
  #wasThere = false;
  /** Refusals in a row that are borne only so often. */
  #refusals = 0;
  #outage: Outage | undefined;

  constructor(patience: Patience, events: EventEmitter<TransferEvents>) {
    this.#patience = patience;
    this.#events = events;
  }

  /** A connection is open. */
  isThere(now: number): void {
    const outage = this.#outage;
    this.#reset();
    this.#wasThere = true;
    if (outage) this.#events.emit('back', { since: outage.since, forMs: now - outage.since });
  }

  /**
   * No connection is open, and none can be opened.
   *
   * @returns whether it is to be given up now
   */
  isAway(error: TransferError, now: number): boolean {
    if (this.#outage) this.#outage.error = error;
    if (!this.#wasThere || error.code === 'E_LOGIN') this.#refusals += 1;
    const isHopeless = classOfOpening(error, this.#wasThere) === 'fatal' || this.#refusals >= this.#patience.attempts;
    if (isHopeless) {
      this.#reset();
      // A password that was changed: in the cycles that follow one refused login each has to do, or we are shut out.
      if (error.code === 'E_LOGIN') this.#wasThere = false;
    } else if (this.#wasThere) {
      this.#outage ??= new Outage(now, error, this.#patience.patienceMs);
      this.#tellOf(this.#outage, now);
    }
    return isHopeless;
  }

  /**
   * Tell again of its being away if it is time for that.
   *
   * @param isProbed does a worker look right now whether it is back? Then it is not given up before that is known
   * @returns why it is to be given up now, if it is
   */
  tell(now: number, isProbed: boolean): TransferError | undefined {
    const outage = this.#outage;
    if (!outage) return undefined;
    if (isProbed || now < outage.endsAt) {
      this.#tellOf(outage, now);
      return undefined;
    }
    this.#reset();
    return outage.error;
  }

  /** When {@link tell} has something to do; infinite when never. */
  wakesAt(isProbed: boolean): number {
    return this.#outage?.wakesAt(isProbed) ?? Number.POSITIVE_INFINITY;
  }

  #tellOf(outage: Outage, now: number): void {
    if (!outage.takesTelling(now)) return;
    const { since, error } = outage;
    this.#events.emit('away', { since, forMs: now - since, error: toPlain(error) });
  }

  #reset(): void {
    this.#outage = undefined;
    this.#refusals = 0;
  }
}
