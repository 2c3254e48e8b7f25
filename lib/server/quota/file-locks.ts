import { ServerError } from '../server-error.ts';

/**
 * Which files are being written, renamed or removed: by whom is all the same, everybody else has to come back later.
 *
 * A lock is for a name (the real path), under which there may be no file yet, and for a file (its `fileKey`), which
 * may have other names.
 */
export class FileLocks {
  readonly #held = new Set<string>();

  /** Locks of one deed, none so far. */
  hold(): HeldLocks {
    return new HeldLocks(this.#held);
  }
}

/** Locks that are given back together. */
export class HeldLocks {
  readonly #all: Set<string>;
  readonly #own = new Set<string>();

  constructor(all: Set<string>) {
    this.#all = all;
  }

  /** One more; adding one's own again is harmless. @throws ServerError E_BUSY */
  add(key: string): void {
    if (this.#own.has(key)) return;
    if (this.#all.has(key)) {
      throw new ServerError('E_BUSY', 'The file is being written, try again later', { retry: true });
    }
    this.#all.add(key);
    this.#own.add(key);
  }

  /** Releasing twice is harmless. */
  release(): void {
    for (const key of this.#own) this.#all.delete(key);
    this.#own.clear();
  }
}
