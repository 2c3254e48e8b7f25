import { realpath, stat } from 'node:fs/promises';
import type { Account } from '../../accounts/account.ts';
import { codeOf } from '../../base/coded-error.ts';
import { ServerError } from '../server-error.ts';
import { FileLocks } from './file-locks.ts';
import { Space } from './space.ts';

/** Whose space it is. */
export type Owner = Pick<Account, 'home' | 'createdMs'>;

interface KnownSpace {
  readonly identity: string;
  /** When those were registered whose it is. */
  readonly owners: Set<number>;
  readonly space: Space;
}

/** The spaces of all homes of a server. */
export class Spaces {
  readonly #locks = new FileLocks();
  readonly #known = new Map<string, KnownSpace>();
  readonly #closing = new AbortController();

  /**
   * The space of an account, the same one for all its sessions, and for all accounts of this home.
   *
   * @throws an error of the system where the home is missing
   */
  async of({ home, createdMs = 0 }: Owner): Promise<Space> {
    const root = await realpath(home);
    const { dev, ino } = await stat(root, { bigint: true });
    const identity = `${dev}:${ino}`;
    const found = this.#known.get(root);
    const known = found?.identity === identity ? found : this.#make(root, identity);
    // The folder may have been removed and made again, for somebody new, and the new one may have the number of the old.
    if (!known.owners.has(createdMs)) known.space.forget();
    known.owners.add(createdMs);
    return known.space;
  }

  /** What the files of an account hold, in bytes; nothing where the home is missing. @throws an error of the system */
  async usedBytes(owner: Owner): Promise<number> {
    return (await this.#find(owner))?.usedBytes() ?? 0;
  }

  /** The same, counted anew from the disk. */
  async recount(owner: Owner): Promise<number> {
    return (await this.#find(owner))?.recount() ?? 0;
  }

  /** Count nothing any more: whoever waits for a number is refused with E_ABORTED. Closing twice is harmless. */
  close(): void {
    this.#closing.abort(new ServerError('E_ABORTED', 'The server is closing'));
  }

  #make(root: string, identity: string): KnownSpace {
    const space = new Space(root, this.#locks, this.#closing.signal);
    const made = { identity, owners: new Set<number>(), space };
    this.#known.set(root, made);
    return made;
  }

  async #find(owner: Owner): Promise<Space | undefined> {
    try {
      return await this.of(owner);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}
