import type { Clock } from '../base/clock.ts';
import type { SavedAccounts } from './saved-accounts.ts';
import { type StoredAccounts, type StoredUser, withUsers } from './stored-accounts.ts';

// What a crash may lose of it is little, and many logins cost one save.
const SAVE_AFTER_MS = 10_000;

/** A login of the user of this age: another one of the same name may come. Times in milliseconds since 1970 (UTC). */
interface Login {
  readonly createdMs: number;
  readonly ms: number;
}

/** When users last logged in: known at once, and in the file some seconds later. */
export class LoginTimes {
  readonly #saved: SavedAccounts;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  /** Those that are not in the file yet, by name. */
  readonly #times = new Map<string, Login>();
  /** Will they be saved without another login? */
  #isScheduled = false;

  constructor(saved: SavedAccounts, clock: Clock) {
    this.#saved = saved;
    this.#clock = clock;
  }

  /** The user has logged in now. */
  note({ name, createdMs }: StoredUser): void {
    this.#times.set(name, { createdMs, ms: this.#clock.now() });
    if (!this.#isScheduled) void this.#saveSoon();
  }

  /** When it was, in milliseconds since 1970 (UTC); `null` for never. */
  of(user: StoredUser): number | null {
    const login = this.#times.get(user.name);
    return login?.createdMs === user.createdMs ? login.ms : user.lastLoginMs;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#save();
  }

  async #saveSoon(): Promise<void> {
    const { signal } = this.#closing;
    this.#isScheduled = true;
    await this.#clock.wait(SAVE_AFTER_MS, signal);
    // Who logs in while they are being saved waits for the next time.
    this.#isScheduled = false;
    if (!signal.aborted) await this.#save();
  }

  /** Never refused: it is tried again with the next login, and no login fails for it. */
  async #save(): Promise<void> {
    if (this.#times.size === 0) return;
    const times = [...this.#times];
    try {
      await this.#saved.change((accounts) => withUsers(accounts, ...times.flatMap((time) => loggedIn(accounts, time))));
    } catch {
      return;
    }
    for (const [name, login] of times) if (this.#times.get(name) === login) this.#times.delete(name);
  }
}

/** Nobody where the user was removed meanwhile, or replaced by another one of the name. */
function loggedIn({ users }: StoredAccounts, [name, { createdMs, ms }]: [string, Login]): readonly StoredUser[] {
  const user = users.get(name);
  return user?.createdMs === createdMs ? [{ ...user, lastLoginMs: ms }] : [];
}
