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
  readonly space: Space;
}

/** The spaces of all homes of a server. */
export class Spaces {
  readonly #locks = new FileLocks();
  readonly #known = new Map<string, KnownSpace>();
  readonly #closing = new AbortController();

  /**
   * The space of an account, the same one for all its sessions.
   *
   * @throws an error of the system where the home is missing
   */
  async of({ home, createdMs }: Owner): Promise<Space> {
    const root = await realpath(home);
    const { dev, ino } = await stat(root, { bigint: true });
    // The folder may have been removed and made again, for somebody new, and the new one may have the number of the old.
    const identity = `${dev}:${ino}:${createdMs ?? 0}`;
    const known = this.#known.get(root);
    if (known?.identity === identity) return known.space;
    const space = new Space(root, this.#locks, this.#closing.signal);
    this.#known.set(root, { identity, space });
    return space;
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

  async #find(owner: Owner): Promise<Space | undefined> {
    try {
      return await this.of(owner);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}
