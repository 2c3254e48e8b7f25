import type { AccountStore } from '../../accounts/account-store.ts';
import type { Clock } from '../../base/clock.ts';
import type { BanView } from '../../control/live-server.ts';
import type { AdmissionRules } from './admission-rules.ts';
import { Bans } from './bans.ts';
import { clientOf } from './client-address.ts';
import { Places } from './places.ts';
import { Visit } from './visit.ts';

/** What {@link Admission} works with. */
export interface AdmissionOptions {
  readonly accounts: AccountStore;
  readonly clock: Clock;
  /** Asked each time, so that other ones hold at once. */
  readonly rules: () => AdmissionRules;
  readonly onBan: (ban: BanView) => void;
}

/** A user comes from home, from work and from the road. */
const MOST_TRUSTED = 16;

/** Decides who comes in: counts places, and keeps those out who guess passwords. */
export class Admission {
  readonly bans: Bans;
  readonly #options: AdmissionOptions;
  readonly #clients = new Places();
  readonly #users = new Places();
  /** Clients from which users got in before, the last ones of each. */
  readonly #trusted = new Map<string, readonly string[]>();
  #pending = 0;
  #loggedIn = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.bans = new Bans(options.clock, options.rules, options.onBan);
  }

  /**
   * A connection has come.
   *
   * @returns its visit, to be left when it ends, or why it is sent away
   */
  enter(address: string): Visit | string {
    const client = clientOf(address);
    const { sessions, pending, perAddress } = this.#options.rules();
    if (this.bans.isBanned('address', client)) return 'Too many wrong logins, try again later';
    if (this.#loggedIn >= sessions) return 'Too many users, try again later';
    if (this.#pending >= pending) return 'Too many connections, try again later';
    if (this.#clients.of(client) >= perAddress) return 'Too many connections from your address';
    this.#clients.take(client);
    this.#pending += 1;
    return new Visit({ ...this.#options, address, client, door: this });
  }

  /** Take a place for one more login of a user. @returns why there is none, if so */
  takePlace(user: string, most: number): string | undefined {
    if (this.#loggedIn >= this.#options.rules().sessions) return 'Too many users, try again later';
    if (this.#users.of(user) >= most) return 'Too many sessions of this user';
    this.#users.take(user);
    this.#pending -= 1;
    this.#loggedIn += 1;
    return undefined;
  }

  /** A user has logged out, and may log in again on the same connection. */
  leavePlace(user: string): void {
    this.#users.leave(user);
    this.#loggedIn -= 1;
    this.#pending += 1;
  }

  /** A connection is over on which nobody is logged in. */
  leave(client: string): void {
    this.#clients.leave(client);
    this.#pending -= 1;
  }

  /** A name is kept out, but not where its owner came from before: nobody shall lock out another by guessing. */
  isNameBanned(user: string, client: string): boolean {
    return this.bans.isBanned('user', user) && !(this.#trusted.get(user)?.includes(client) ?? false);
  }

  /** A user got in from here. */
  trust(user: string, client: string): void {
    const others = (this.#trusted.get(user) ?? []).filter((other) => other !== client);
    this.#trusted.set(user, [client, ...others].slice(0, MOST_TRUSTED));
  }
}
