import type { Fetch } from './fetch.ts';

// Each has a file open, or two; more at a time would not be faster.
const MOST_BEGUN = 32;

/**
 * Lets few fetches begin at a time: a process may have only so many files open. Those that the same peers have are counted by
 * themselves: a peer that gives nothing must not keep others from giving.
 */
export class FetchQueue {
  readonly #waiting = new Map<string, Set<Fetch>>();
  readonly #begun = new Map<string, Set<Fetch>>();
  /** By whose peers it was counted: they may have become others meanwhile. */
  readonly #names = new Map<Fetch, string>();
  readonly #begin: (fetch: Fetch) => void;

  constructor(begin: (fetch: Fetch) => void) {
    this.#begin = begin;
  }

  /** It is to begin when there is room. */
  add(fetch: Fetch): void {
    const name = fetch.peers.join();
    this.#names.set(fetch, name);
    put(this.#waiting, name, fetch);
    this.#go(name);
  }

  /** It has ended, or is not wanted any more. */
  remove(fetch: Fetch): void {
    const name = this.#names.get(fetch);
    if (name === undefined) return;
    this.#names.delete(fetch);
    take(this.#waiting, name, fetch);
    take(this.#begun, name, fetch);
    this.#go(name);
  }

  #go(name: string): void {
    for (const fetch of this.#waiting.get(name) ?? []) {
      if ((this.#begun.get(name)?.size ?? 0) >= MOST_BEGUN) return;
      take(this.#waiting, name, fetch);
      put(this.#begun, name, fetch);
      this.#begin(fetch);
    }
  }
}

function put(all: Map<string, Set<Fetch>>, name: string, fetch: Fetch): void {
  all.set(name, (all.get(name) ?? new Set()).add(fetch));
}

function take(all: Map<string, Set<Fetch>>, name: string, fetch: Fetch): void {
  const some = all.get(name);
  if (some?.delete(fetch) && some.size === 0) all.delete(name);
}
