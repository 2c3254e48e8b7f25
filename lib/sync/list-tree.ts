import { type Directory, join } from '../files/directory.ts';
import { TransferError, type TransferErrorCode } from '../transfer/transfer-error.ts';
import type { FarEntry } from '../transfer/transport.ts';
import { allEnded } from './all-ended.ts';
import type { FarListing } from './far-listing.ts';
import { Listed } from './listed.ts';

/** Which folders {@link listTree} lists, and how long. */
export interface TreeRules {
  /** Folders to be listed where the far side has them. */
  readonly near: Directory;
  /** The same; they may be listed under a name in another case. */
  readonly known: Directory;
  /** Is a folder to be listed that is in neither of them? */
  readonly isWanted: (path: string) => boolean;
  /** No further folder is listed after it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * List the far root and the folders below it that matter.
 *
 * All of them are asked for at once: it is for the transport to do as many side by side as it can. When one fails, no
 * more are asked for, and those under way are waited for. One that is refused for good is noted as closed instead.
 *
 * @throws TransferError; the reason of the signal
 */
export async function listTree(listing: FarListing, rules: TreeRules): Promise<void> {
  await new Tree(listing, rules).list({ path: '', near: rules.near, known: rules.known });
}

// One such folder must not keep all others from being listed.
const FOR_GOOD: ReadonlySet<string> = new Set<TransferErrorCode>(['E_REFUSED', 'E_NAME']);

/** Would listing the same folder once more end the same? */
export function isForGood({ code }: TransferError): boolean {
  return FOR_GOOD.has(code);
}

interface Place {
  readonly path: string;
  readonly near: Directory | undefined;
  readonly known: Directory | undefined;
}

class Tree {
  readonly #listing: FarListing;
  readonly #rules: TreeRules;
  /** Has a listing failed? */
  #isOver = false;

  constructor(listing: FarListing, rules: TreeRules) {
    this.#listing = listing;
    this.#rules = rules;
  }

  async list(place: Place): Promise<void> {
    try {
      this.#rules.signal.throwIfAborted();
      const entries = await this.#entriesOf(place.path);
      if (!this.#isOver) await allEnded(this.#below(place, entries).map((below) => this.list(below)));
    } catch (error) {
      this.#isOver = true;
      throw error;
    }
  }

  async #entriesOf(path: string): Promise<readonly FarEntry[]> {
    try {
      return (await this.#listing.add(path)) ?? [];
    } catch (error) {
      if (!(error instanceof TransferError) || !isForGood(error) || path === '') throw error;
      this.#listing.closed.set(path, error);
      return [];
    }
  }

  #below({ path, near, known }: Place, entries: readonly FarEntry[]): readonly Place[] {
    const places = new Map<string, Place>();
    const add = (name: string) => {
      places.set(name, { path: join(path, name), near: near?.directory(name), known: known?.directory(name) });
    };
    const listed = new Listed(entries);
    /** Other names of folders that are known. */
    const renamed = new Set<string>();
    for (const { name } of known?.directories() ?? []) {
      const there = listed.find(name, (other) => known?.directory(other) !== undefined);
      if (there?.kind !== 'directory') continue;
      add(name);
      if (there.name !== name) renamed.add(there.name);
    }
    for (const { kind, name } of entries) {
      if (kind !== 'directory' || renamed.has(name)) continue;
      if (near?.directory(name) || this.#rules.isWanted(join(path, name))) add(name);
    }
    return [...places.values()];
  }
}
