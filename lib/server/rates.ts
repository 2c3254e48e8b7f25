import type { AccountLimits } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../base/clock.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { SessionLimits } from './limits.ts';
import { Pace } from './pace.ts';

/** Which way the content of a transfer goes, as the client sees it. */
export type Direction = 'upload' | 'download';

type Rate = `${Direction}BytesPerSecond` & keyof AccountLimits & keyof SessionLimits;

// Timers wake some milliseconds late; a tenth of a second makes up for that.
const BURST_MS = 100;

/** How fast the transfers of a server may go: each session by itself, and all of an account together. */
export class Rates {
  readonly #accounts: AccountStore;
  readonly #limits: () => SessionLimits;
  readonly #clock: Clock;
  readonly #ofAccounts = new Map<string, TokenBucket>();

  /** @param limits asked again and again, like the accounts: what is changed holds at once */
  constructor(accounts: AccountStore, limits: () => SessionLimits, clock: Clock) {
    this.#accounts = accounts;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** For one transfer of a user. @param signal see {@link Pace} */
  pace(user: string, direction: Direction, signal: () => AbortSignal): Pace {
    const rate: Rate = `${direction}BytesPerSecond`;
    const ofSession = new TokenBucket(() => this.#limits()[rate], this.#clock, BURST_MS);
    return new Pace([ofSession, this.#ofAccount(user, rate)], signal);
  }

  #ofAccount(user: string, rate: Rate): TokenBucket {
    const key = `${rate} ${user}`;
    const known = this.#ofAccounts.get(key);
    if (known !== undefined) return known;
    const most = () => this.#accounts.find(user)?.limits?.[rate] ?? Number.POSITIVE_INFINITY;
    const made = new TokenBucket(most, this.#clock, BURST_MS);
    this.#ofAccounts.set(key, made);
    return made;
  }
}
