import { dirname } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import { makeFolder } from '../base/make-folder.ts';
import { Turns } from '../base/turns.ts';
import type { Account } from './account.ts';
import { mustBeAccountName, mustBeFree, mustBePassword, mustHaveOwnHomes } from './account-name.ts';
import type { AccountStore } from './account-store.ts';
import type { DataFolder } from './data-folder.ts';
import { followThrough } from './follow-through.ts';
import { Homes } from './homes.ts';
import { LoginTimes } from './login-times.ts';
import { PasswordHasher } from './password.ts';
import { mustBeMissing, parsed, SavedAccounts, save } from './saved-accounts.ts';
import { formatAccounts, type StoredUser, withUsers } from './stored-accounts.ts';
import { accountOf, existingUser, HOME_MODE, type User, type UserSettings, withoutUser } from './user.ts';

/** What {@link AccountFile} needs from around it. */
export interface AccountFileSurroundings {
  readonly clock?: Clock;
  readonly hasher?: PasswordHasher;
}

/**
 * The users of a MiniFTP server and its administrator, in one file.
 *
 * Whoever opens it must hold the lock of the data folder: there is one writer. What it tells is what is on the disk, and
 * each change is fulfilled when it is there. Every method that changes throws AccountsError E_ACCOUNTS_SAVE when it cannot
 * save, and then has changed nothing.
 */
export class AccountFile implements AccountStore {
  /** The folders of the users. */
  readonly homes: Homes;
  readonly #saved: SavedAccounts;
  readonly #clock: Clock;
  readonly #hasher: PasswordHasher;
  readonly #logins: LoginTimes;
  /** The last account told of each user, as long as it is true. */
  readonly #accounts = new WeakMap<StoredUser, Account>();
  /** In which users come and go. */
  readonly #turns = new Turns();

  private constructor(docs: string, saved: SavedAccounts, { clock, hasher }: AccountFileSurroundings) {
    this.homes = new Homes(docs);
    this.#saved = saved;
    this.#clock = clock ?? systemClock;
    this.#hasher = hasher ?? new PasswordHasher();
    this.#logins = new LoginTimes(saved, this.#clock);
  }

  /**
   * Make the file, with an administrator and no users.
   *
   * @throws AccountsError E_ACCOUNTS_FILE when there is something of this name already; E_ACCOUNT_NAME; E_PASSWORD
   */
  static async create(
    { accountsFile }: Pick<DataFolder, 'accountsFile'>,
    administrator: { readonly name: string; readonly password: string },
    hasher = new PasswordHasher(),
  ): Promise<void> {
    mustBeAccountName(administrator.name);
    mustBePassword(administrator.password);
    await mustBeMissing(accountsFile);
    makeFolder(dirname(accountsFile));
    const hash = await hasher.hash(administrator.password);
    await save(accountsFile, { administrator: { name: administrator.name, hash }, users: new Map() });
  }

  /**
   * Read the file.
   *
   * @throws AccountsError E_ACCOUNTS_FILE when it cannot be read or understood; it is left as it is
   */
  static async open(
    { accountsFile, docs }: Pick<DataFolder, 'accountsFile' | 'docs'>,
    surroundings: AccountFileSurroundings = {},
  ): Promise<AccountFile> {
    return new AccountFile(docs, await SavedAccounts.open(accountsFile), surroundings);
  }

  /** @throws CodedError E_HASH_BUSY when too many passwords wait to be checked */
  async check(name: string, password: string): Promise<Account | undefined> {
    const user = this.#users.get(name);
    if (!(await this.#hasher.check(password, user?.hash)) || user === undefined) return undefined;
    // Who may log in is looked at afterwards: the time that it takes must not tell.
    const account = this.find(name);
    // Another user of the same name has another password.
    if (account?.createdMs !== user.createdMs) return undefined;
    if (this.#hasher.isOutdated(user.hash)) await this.#hashAnew(user, password);
    return account;
  }

  find(name: string): Account | undefined {
    const user = this.#users.get(name);
    if (user === undefined || !user.isEnabled) return undefined;
    const known = this.#accounts.get(user);
    if (known !== undefined) return known;
    const account = accountOf(user, this.homeOf(name));
    this.#accounts.set(user, account);
    return account;
  }

  /** All users by name, those who may not log in included. */
  users(): readonly User[] {
    return [...this.#users.keys()].sort().flatMap((name) => this.user(name) ?? []);
  }

  /** One of them. */
  user(name: string): User | undefined {
    const user = this.#users.get(name);
    if (user === undefined) return undefined;
    const { hash: _secret, ...told } = user;
    return { ...told, lastLoginMs: this.#logins.of(user) };
  }

  /** The folder of a user, whether or not there is such a user. */
  homeOf(name: string): string {
    return this.homes.of(name);
  }

  /**
   * Register a user, and make the home folder; one that is there already is taken as it is. Unless told otherwise the user
   * may read and write, without a quota.
   *
   * @throws AccountsError E_ACCOUNT_EXISTS, E_ACCOUNT_NAME, E_PASSWORD
   */
  async add(name: string, password: string, settings: Partial<UserSettings> = {}): Promise<void> {
    mustBeAccountName(name);
    mustBePassword(password);
    mustBeFree(name, this.#users.keys());
    const user: StoredUser = {
      name,
      hash: await this.#hasher.hash(password),
      quotaBytes: null,
      permissions: ['read', 'write'],
      isEnabled: true,
      limits: {},
      createdMs: this.#clock.now(),
      lastLoginMs: null,
      ...settings,
    };
    await this.#turns.take(async () => {
      mustBeFree(name, this.#users.keys());
      const unmakeHome = await this.homes.make(name, HOME_MODE);
      try {
        await this.#saved.change((accounts) => withUsers(accounts, user));
      } catch (error) {
        // Then the user is registered, and only a power failure could undo it.
        if (codeOf(error) !== 'E_UNSYNCED') await unmakeHome();
        throw error;
      }
    });
  }

  /**
   * Set something of a user; it holds for sessions under way as well.
   *
   * @param settings or what makes them of those that the user has when the turn of this change has come: others may be
   *   changed at the same time
   * @throws AccountsError E_ACCOUNT_MISSING
   */
  async change(
    name: string,
    settings: Partial<UserSettings> | ((before: UserSettings) => Partial<UserSettings>),
  ): Promise<void> {
    await this.#saved.change((accounts) => {
      const before = existingUser(accounts, name);
      return withUsers(accounts, { ...before, ...(typeof settings === 'function' ? settings(before) : settings) });
    });
  }

  /** @throws AccountsError E_ACCOUNT_MISSING, E_PASSWORD */
  async setPassword(name: string, password: string): Promise<void> {
    mustBePassword(password);
    existingUser(this.#saved.current, name);
    const hash = await this.#hasher.hash(password);
    await this.#saved.change((accounts) => withUsers(accounts, { ...existingUser(accounts, name), hash }));
  }

  /**
   * Forget a user. The home folder stays.
   *
   * @param clearAway what else is to go; done when the user is forgotten, and before anybody of the same name can be
   *   registered
   * @throws AccountsError E_ACCOUNT_MISSING; what `clearAway` throws, and then the user is forgotten
   */
  async remove(name: string, clearAway: () => Promise<void> = async () => undefined): Promise<void> {
    await this.#turns.take(() => {
      const removal = this.#saved.change((accounts) => withoutUser(accounts, name));
      return followThrough(removal, clearAway);
    });
  }

  /** The name that the administrator logs in with. */
  get administratorName(): string {
    return this.#saved.current.administrator.name;
  }

  /** Are these the administrator's name and password? Takes as long for a wrong name as for a wrong password. */
  async checkAdministrator(name: string, password: string): Promise<boolean> {
    const { administrator } = this.#saved.current;
    return this.#hasher.check(password, name === administrator.name ? administrator.hash : undefined);
  }

  /**
   * Give the administrator another name or password, or both.
   *
   * @throws AccountsError E_ACCOUNT_NAME, E_PASSWORD
   */
  async setAdministrator({ name, password }: { readonly name?: string; readonly password?: string }): Promise<void> {
    if (name !== undefined) mustBeAccountName(name);
    if (password !== undefined) mustBePassword(password);
    const hash = password === undefined ? undefined : await this.#hasher.hash(password);
    await this.#saved.change(({ administrator, users }) => ({
      administrator: { name: name ?? administrator.name, hash: hash ?? administrator.hash },
      users,
    }));
  }

  /** Remember that a user has logged in now; it is in the file some seconds later. */
  noteLogin(name: string): void {
    const user = this.#users.get(name);
    if (user !== undefined) this.#logins.note(user);
  }

  /** The text of the file: everybody with the hash of the password. */
  exportAll(): string {
    return formatAccounts(this.#saved.current);
  }

  /**
   * Take in the users of such a text, in place of those of the same name; all others stay, and so does the administrator.
   *
   * @returns their names
   * @throws AccountsError E_ACCOUNTS_FILE when it is no such text, E_ACCOUNT_EXISTS when two would have one home
   */
  async importUsers(text: string): Promise<readonly string[]> {
    const { users } = parsed('what is to be taken in', text);
    await this.#turns.take(async () => {
      mustHaveOwnHomes([...this.#users.keys(), ...users.keys()]);
      await this.#saved.change((accounts) => withUsers(accounts, ...users.values()));
    });
    return [...users.keys()];
  }

  /** Save what is not saved yet. Closing twice is harmless. */
  async close(): Promise<void> {
    await this.#turns.settled();
    await this.#logins.close();
    await this.#saved.settled();
  }

  get #users(): ReadonlyMap<string, StoredUser> {
    return this.#saved.current.users;
  }

  /** The login does not fail for it: with the next one it is tried again. */
  async #hashAnew({ name, hash: before }: StoredUser, password: string): Promise<void> {
    try {
      const hash = await this.#hasher.hash(password);
      await this.#saved.change((accounts) => {
        const user = accounts.users.get(name);
        // Another password, set meanwhile, is the one that counts.
        return user?.hash === before ? withUsers(accounts, { ...user, hash }) : accounts;
      });
    } catch {}
  }
}
