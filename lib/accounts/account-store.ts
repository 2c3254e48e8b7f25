import type { Account } from './account.ts';
import { PasswordHasher } from './password.ts';

/** Where a server asks who may log in. */
export interface AccountStore {
  /**
   * The account of this name and password, or `undefined` when one of the two is wrong. Takes as long for an unknown
   * name as for a wrong password.
   */
  check(name: string, password: string): Promise<Account | undefined>;

  /**
   * The account of this name as it is now, `undefined` when it is gone or may not log in any more. For sessions that are
   * under way: what the administrator changes holds for them at once.
   */
  find(name: string): Account | undefined;
}

/** Accounts that live as long as the process: for demos, specs and embedding. */
export class MemoryAccountStore implements AccountStore {
  readonly #hasher: PasswordHasher;
  readonly #accounts = new Map<string, { readonly account: Account; readonly hash: string }>();

  constructor(hasher = new PasswordHasher()) {
    this.#hasher = hasher;
  }

  /** Let somebody in, in place of an account of the same name. */
  async add(account: Account, password: string): Promise<void> {
    this.#accounts.set(account.name, { account, hash: await this.#hasher.hash(password) });
  }

  async check(name: string, password: string): Promise<Account | undefined> {
    const known = this.#accounts.get(name);
    const isRight = await this.#hasher.check(password, known?.hash);
    return isRight ? known?.account : undefined;
  }

  find(name: string): Account | undefined {
    return this.#accounts.get(name)?.account;
  }
}
