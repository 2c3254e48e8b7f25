import { lstat, readFile } from 'node:fs/promises';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { readProblem } from '../base/read-problem.ts';
import { replaceFile } from '../base/replace-file.ts';
import { AccountsError } from './accounts-error.ts';
import { formatAccounts, parseAccounts, type StoredAccounts } from './stored-accounts.ts';

/** Makes other accounts of those there are; throws where it cannot. */
export type AccountsChange = (accounts: StoredAccounts) => StoredAccounts;

// Of replaceFile: the file holds what it was given.
const UNSYNCED = 'E_UNSYNCED';

interface WaitingChange {
  readonly apply: AccountsChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Accounts and the file that holds them.
 *
 * What can be read here is what is in the file: a change counts when it is saved, and one that cannot be saved has never
 * been. Changes that come while a save runs are saved together, in the order they came.
 */
export class SavedAccounts {
  readonly #file: string;
  #current: StoredAccounts;
  readonly #waiting: WaitingChange[] = [];
  #saving: Promise<void> | undefined;

  private constructor(file: string, accounts: StoredAccounts) {
    this.#file = file;
    this.#current = accounts;
  }

  /** @throws AccountsError E_ACCOUNTS_FILE; the file is left as it is */
  static async open(file: string): Promise<SavedAccounts> {
    return new SavedAccounts(file, parsed(file, await textOf(file)));
  }

  get current(): StoredAccounts {
    return this.#current;
  }

  /**
   * Change the accounts.
   *
   * @returns fulfilled when the change is on the disk
   * @throws what the change throws; AccountsError E_ACCOUNTS_SAVE; CodedError E_UNSYNCED, and then the change holds
   */
  change(apply: AccountsChange): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ apply, resolve, reject });
      this.#saving ??= this.#saveAll();
    });
  }

  /** Fulfilled when no save is under way. */
  async settled(): Promise<void> {
    await this.#saving;
  }

  /** Never refused: each change hears of its own failure. */
  async #saveAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#saveTogether(this.#waiting.splice(0));
    this.#saving = undefined;
  }

  async #saveTogether(changes: readonly WaitingChange[]): Promise<void> {
    let next = this.#current;
    const applied = changes.filter(({ apply, reject }) => {
      try {
        next = apply(next);
        return true;
      } catch (error) {
        reject(error);
        return false;
      }
    });
    try {
      await save(this.#file, next);
      this.#current = next;
      for (const { resolve } of applied) resolve();
    } catch (error) {
      if (codeOf(error) === UNSYNCED) this.#current = next;
      for (const { reject } of applied) reject(error);
    }
  }
}

/** @throws AccountsError E_ACCOUNTS_SAVE; the file then holds what it held before. CodedError E_UNSYNCED: it holds these */
export async function save(file: string, accounts: StoredAccounts): Promise<void> {
  const text = formatAccounts(accounts);
  // What could not be read again must not get onto the disk.
  parseAccounts(text);
  try {
    await replaceFile(file, text);
  } catch (cause) {
    if (codeOf(cause) === UNSYNCED) throw cause;
    const message = `Cannot write ${file}: ${codeOf(cause) ?? messageOf(cause)}; nothing was changed`;
    throw new AccountsError('E_ACCOUNTS_SAVE', message, { cause, retry: hasNoRoom(cause) });
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AccountsError('E_ACCOUNTS_FILE', `Cannot read ${file}: ${readProblem(cause)}`, { cause });
  }
}

/** @throws AccountsError E_ACCOUNTS_FILE */
export function parsed(file: string, text: string): StoredAccounts {
  try {
    return parseAccounts(text);
  } catch (cause) {
    const advice = 'mend it or put a copy in its place; nothing was changed';
    throw new AccountsError('E_ACCOUNTS_FILE', `Cannot use ${file}: ${messageOf(cause)}; ${advice}`, { cause });
  }
}

/** @throws AccountsError E_ACCOUNTS_FILE when there is something of this name already, or nobody can tell */
export async function mustBeMissing(file: string): Promise<void> {
  try {
    await lstat(file);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return;
    throw new AccountsError('E_ACCOUNTS_FILE', `Cannot read ${file}: ${readProblem(cause)}`, { cause });
  }
  throw new AccountsError('E_ACCOUNTS_FILE', `${file} is there already; it is left as it is`);
}
