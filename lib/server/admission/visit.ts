import type { Account } from '../../accounts/account.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import type { Clock } from '../../base/clock.ts';
import { codeOf } from '../../base/coded-error.ts';
import type { AdmissionRules } from './admission-rules.ts';
import type { Bans } from './bans.ts';
import { isAmong } from './client-address.ts';

/** What came of a login: an account, or the reply to somebody who does not get in. */
export type LoginOutcome =
  | { readonly account: Account }
  | { readonly refusal: { readonly code: number; readonly text: string; readonly closes?: boolean } };

/** Where the places are counted. */
interface Door {
  readonly bans: Bans;
  takePlace(user: string, most: number): string | undefined;
  leavePlace(user: string): void;
  leave(client: string): void;
  isNameBanned(user: string, client: string): boolean;
  trust(user: string, client: string): void;
}

interface VisitOptions {
  readonly accounts: AccountStore;
  readonly clock: Clock;
  readonly rules: () => AdmissionRules;
  readonly address: string;
  /** The address, or the network that it counts for. */
  readonly client: string;
  readonly door: Door;
}

// Who mistyped a password ten times waits no longer: a client would give up.
const MOST_DELAYS = 10;
// No account has a longer name: what is guessed with one is held against the address only.
const LONGEST_NAME = 64;

/** Told to everybody who does not get in by name and password, whatever the reason. */
export const WRONG_LOGIN = 'Name or password is wrong';

const TOO_MANY = 'Too many wrong logins, try again later';

/** One connection, as far as it is let in. */
export class Visit {
  readonly #options: VisitOptions;
  #user: string | undefined;
  #failures = 0;
  #isOver = false;
  #isChecking = false;

  constructor(options: VisitOptions) {
    this.#options = options;
  }

  /**
   * Log in. Wrong names, wrong passwords, names that are kept out and addresses that an account does not allow get the same
   * answer.
   *
   * @param ended ends the wait that a wrong login costs; nothing that a client can send may do that
   * @throws what the account store throws
   */
  async logIn(name: string, password: string, ended: AbortSignal): Promise<LoginOutcome> {
    const { client, door, rules } = this.#options;
    if (this.#isBanned) return sentAway(TOO_MANY);
    const account = door.isNameBanned(name, client) ? undefined : await this.#check(name, password);
    if (account === 'busy') return sentAway('Too many logins at once, try again later');
    // Others may have guessed meanwhile, over many connections at once: this could be the one that is right.
    if (this.#isBanned) return sentAway(TOO_MANY);
    if (account === undefined) return this.#fail(name, ended);
    if (this.#isOver) return sentAway('The connection is over');
    const full = door.takePlace(name, Math.min(rules().perUser, account.limits?.sessions ?? Number.POSITIVE_INFINITY));
    if (full !== undefined) return sentAway(full);
    this.#user = name;
    this.#failures = 0;
    door.trust(name, client);
    return { account };
  }

  /** Nobody is logged in any more. Harmless when nobody was. */
  logOut(): void {
    if (this.#user === undefined) return;
    this.#options.door.leavePlace(this.#user);
    this.#user = undefined;
  }

  /** The connection is over. Leaving twice is harmless. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.logOut();
    if (!this.#isChecking) this.#giveBack();
  }

  get #isBanned(): boolean {
    return this.#options.door.bans.isBanned('address', this.#options.client);
  }

  async #check(name: string, password: string): Promise<Account | 'busy' | undefined> {
    this.#isChecking = true;
    try {
      const account = await this.#options.accounts.check(name, password);
      return account && isAmong(this.#options.address, account.limits?.addresses) ? account : undefined;
    } catch (error) {
      if (codeOf(error) === 'E_HASH_BUSY') return 'busy';
      throw error;
    } finally {
      this.#isChecking = false;
      // Only now: who hangs up while a password is checked must not make room for another one to be checked.
      if (this.#isOver) this.#giveBack();
    }
  }

  async #fail(name: string, ended: AbortSignal): Promise<LoginOutcome> {
    const { client, clock, door, rules } = this.#options;
    if (name.length <= LONGEST_NAME) door.bans.fail('user', name);
    const score = door.bans.fail('address', client);
    this.#failures += 1;
    const { attempts, delayMs } = rules();
    if (delayMs > 0) await clock.wait(delayMs * Math.min(score, MOST_DELAYS), ended);
    if (this.#isBanned || this.#failures >= attempts) return sentAway(TOO_MANY);
    return { refusal: { code: 530, text: WRONG_LOGIN } };
  }

  #giveBack(): void {
    this.#options.door.leave(this.#options.client);
  }
}

function sentAway(text: string): LoginOutcome {
  return { refusal: { code: 421, text, closes: true } };
}
