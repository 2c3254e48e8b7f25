import type { Clock } from '../base/clock.ts';
import type { SavedAccounts } from './saved-accounts.ts';
import { type StoredAccounts, type StoredUser, withUsers } from './stored-accounts.ts';

// What a crash may lose of it is little, and many logins cost one save.
const SAVE_AFTER_MS = 10_000;

/** When users last logged in: known at once, and in the file some seconds later. */
export class LoginTimes {
  readonly #saved: SavedAccounts;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  /** Those that are not in the file yet. */
  readonly #times = new Map<string, number>();
  /** Will they be saved without another login? */
  #isScheduled = false;

  constructor(saved: SavedAccounts, clock: Clock) {
    this.#saved = saved;
    this.#clock = clock;
  }

  /** The user has logged in now. */
  note(name: string): void {
    this.#times.set(name, this.#clock.now());
    if (!this.#isScheduled) void this.#saveSoon();
  }

  /** When it was, where the file does not say so yet. */
  of(name: string): number | undefined {
    return this.#times.get(name);
  }

  forget(name: string): void {
    this.#times.delete(name);
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
    let times: readonly (readonly [string, number])[] = [];
    try {
      await this.#saved.change((accounts) => {
        // As they are when it comes to that: somebody may be forgotten by then.
        times = [...this.#times];
        return withUsers(accounts, ...times.flatMap((time) => loggedIn(accounts, time)));
      });
    } catch {
      return;
    }
    for (const [name, ms] of times) if (this.#times.get(name) === ms) this.#times.delete(name);
  }
}

/** Nobody where the user was removed meanwhile. */
function loggedIn({ users }: StoredAccounts, [name, lastLoginMs]: readonly [string, number]): readonly StoredUser[] {
  const user = users.get(name);
  return user === undefined ? [] : [{ ...user, lastLoginMs }];
}
