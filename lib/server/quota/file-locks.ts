import { ServerError } from '../server-error.ts';
import { unlessAborted } from '../unless-aborted.ts';

/** Whoever works with a file for a client. */
export interface LockHolder {
  /** Where the client is. */
  readonly address: string;
  /** Has the client hung up? */
  readonly hasLeft: () => boolean;
  /** How long the work has waited for the client by now, in milliseconds; 0 while the client waits for us. */
  readonly silentMs: () => number;
  /** End the work; the locks are given back soon. */
  readonly abort: () => void;
  /** Aborted when the work is to end, by whomever. */
  readonly signal: () => AbortSignal;
}

// Longer than a lost packet on a line that lives keeps it silent, shorter than a client goes on trying.
const SILENT_MS = 2_000;

/**
 * Which files are being written, renamed or removed: by whom is all the same, everybody else has to come back later.
 *
 * A lock is for a name (the real path), under which there may be no file yet, and for a file (its `fileKey`), which
 * may have other names.
 */
export class FileLocks {
  readonly #held = new Map<string, HeldLocks>();

  /** Locks of one upload, none so far. */
  hold(holder?: LockHolder): HeldLocks {
    return new HeldLocks(this.#held, { holder, isBrief: false });
  }

  /** Locks of a deed that waits for no client once it has them: they are waited for, and nobody is sent away. */
  holdBriefly(holder?: LockHolder): HeldLocks {
    return new HeldLocks(this.#held, { holder, isBrief: true });
  }
}

/** For whom locks are held, and how. */
interface Holding {
  readonly holder: LockHolder | undefined;
  readonly isBrief: boolean;
}

/** Locks that are given back together. */
export class HeldLocks {
  readonly #all: Map<string, HeldLocks>;
  readonly #holder: LockHolder | undefined;
  readonly #isBrief: boolean;
  readonly #own = new Set<string>();
  readonly #released: Promise<void>;
  #release: () => void = () => undefined;

  constructor(all: Map<string, HeldLocks>, { holder, isBrief }: Holding) {
    this.#all = all;
    this.#holder = holder;
    this.#isBrief = isBrief;
    this.#released = new Promise((resolve) => (this.#release = resolve));
  }

  /**
   * Take one more; taking one's own again is harmless.
   *
   * A client that lost its connection comes back and wants to go on with the file, while here somebody still waits for
   * the rest of what it sent before. So whoever works for a client that has hung up gives way, and to one from the same
   * address also whoever has waited for its client for a while: of a connection that died without a word nobody is told.
   *
   * What is held briefly is waited for. A removal has the lock of its file until it hears from the disk; a new file may
   * have the number of that one by then, and is nobody else's.
   *
   * @throws ServerError E_BUSY; E_ABORTED when the work is to end before the other has given way
   */
  async take(key: string): Promise<void> {
    for (let other = this.#all.get(key); other !== this && other !== undefined; other = this.#all.get(key)) {
      if (!other.#isBrief) {
        // Two that have both been left must not wait for each other.
        if (!other.#givesWayTo(this) || this.#hasLeft) throw busy();
        other.#holder?.abort();
      }
      // It may wait for a disk that does not answer.
      await unlessAborted(other.#released, this.#holder?.signal());
    }
    this.#add(key);
  }

  /**
   * The same without a wait: whoever gives way is told to, but is not away yet.
   *
   * @throws ServerError E_BUSY
   */
  takeNow(key: string): void {
    const other = this.#all.get(key);
    if (other !== this && other !== undefined) {
      if (other.#givesWayTo(this)) other.#holder?.abort();
      throw busy();
    }
    this.#add(key);
  }

  /** Releasing twice is harmless. */
  release(): void {
    for (const key of this.#own) this.#all.delete(key);
    this.#own.clear();
    this.#release();
  }

  #add(key: string): void {
    this.#all.set(key, this);
    this.#own.add(key);
  }

  #givesWayTo(newcomer: HeldLocks): boolean {
    const holder = this.#holder;
    if (holder === undefined) return false;
    return holder.hasLeft() || (holder.address === newcomer.#holder?.address && holder.silentMs() >= SILENT_MS);
  }

  get #hasLeft(): boolean {
    return this.#holder?.hasLeft() ?? false;
  }
}

function busy(): ServerError {
  return new ServerError('E_BUSY', 'The file is being written, try again later', { retry: true });
}
