import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf } from '../base/coded-error.ts';
import { hasNoRoom } from '../base/no-room.ts';
import { AccountsError } from './accounts-error.ts';
import { removeFolder } from './remove-folder.ts';

// No account can have a blank in its name. What an operator called nearly so is not taken for it.
const ASIDE = '.removed ';
const IS_ASIDE = /^\.removed [0-9a-f]{16}$/;

/** What became of the homes that were to be removed. */
export interface HomesLeft {
  /** How many were. */
  readonly removed: number;
  /** Why others could not be: AccountsErrors E_HOME_LEFT. */
  readonly problems: readonly unknown[];
}

/** The homes of the users: a folder each, in one folder, by name. */
export class Homes {
  readonly #docs: string;
  readonly #closing = new AbortController();

  /** @param docs the folder that they lie in */
  constructor(docs: string) {
    this.#docs = docs;
  }

  /** The home of a user, whether or not there is such a user. */
  of(name: string): string {
    return join(this.#docs, name);
  }

  /**
   * Make the home of a user; one that is there already is taken as it is. Not the folder it lies in: where that is missing,
   * a disk may not be mounted.
   *
   * @param mode permission bits
   * @returns takes it away again, unless it was there already or somebody has put something into it
   * @throws AccountsError E_ACCOUNTS_SAVE
   */
  async make(name: string, mode: number): Promise<() => Promise<void>> {
    const home = this.of(name);
    try {
      await mkdir(home, mode);
      return () => rmdir(home).catch(() => undefined);
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST') return async () => undefined;
      const message = `Cannot make the folder ${home}: ${codeOf(cause) ?? messageOf(cause)}; nothing was changed`;
      throw new AccountsError('E_ACCOUNTS_SAVE', message, { cause, retry: hasNoRoom(cause) });
    }
  }

  /**
   * Give the home of a user who was removed a name that no account can have: whoever gets the user's name gets a new one.
   *
   * @returns where it lies now, to be removed; `undefined` when there was none
   * @throws AccountsError E_HOME_LEFT
   */
  async setAside(name: string): Promise<string | undefined> {
    const aside = this.of(`${ASIDE}${randomBytes(8).toString('hex')}`);
    try {
      await rename(this.of(name), aside);
      return aside;
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw homeLeft(this.of(name), cause);
    }
  }

  /**
   * Remove a home that was set aside, with all that is in it; of links only themselves.
   *
   * @throws AccountsError E_HOME_LEFT
   */
  async remove(aside: string): Promise<void> {
    const { signal } = this.#closing;
    try {
      await removeFolder(Buffer.from(aside), signal);
    } catch (cause) {
      throw signal.aborted ? leftForLater(aside) : homeLeft(aside, cause);
    }
  }

  /**
   * Remove the homes that were set aside and are there still, since the process was ended meanwhile.
   *
   * @throws an error of the system when the folder of the homes cannot be read
   */
  async removeLeft(): Promise<HomesLeft> {
    const left = (await readdir(this.#docs)).filter((name) => IS_ASIDE.test(name));
    const problems: unknown[] = [];
    let removed = 0;
    for (const name of left) {
      if (this.#closing.signal.aborted) break;
      try {
        await this.remove(this.of(name));
        removed += 1;
      } catch (error) {
        problems.push(error);
      }
    }
    return { removed, problems };
  }

  /** Remove nothing any more: what is left of a home waits for the next start. Closing twice is harmless. */
  close(): void {
    this.#closing.abort();
  }
}

function homeLeft(home: string, cause: unknown): AccountsError {
  const why = codeOf(cause) ?? messageOf(cause);
  const message = `The files of a user who was removed are left in ${home}: the system says ${why}; remove them yourself`;
  return new AccountsError('E_HOME_LEFT', message, { cause });
}

function leftForLater(home: string): AccountsError {
  const message = `The files of a user who was removed are left in ${home}: the server was stopped; its next start removes them`;
  return new AccountsError('E_HOME_LEFT', message);
}
