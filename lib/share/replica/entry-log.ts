import type { Connection, Held } from './places.ts';

/** Some entries for a peer, and up to which number there is nothing else that it needs. */
export interface Excerpt {
  readonly entries: readonly Held[];
  readonly upTo: number;
  readonly isAll: boolean;
}

// Below it is not worth the copying.
const LEAST_COMPACTED = 1024;

/** All entries of a replica in the order of their numbers; one that was changed again stands at its last place only. */
export class EntryLog {
  #entries: Held[] = [];
  #stale = 0;
  #last = 0;
  /** Is this still what is held at its path? */
  readonly #isCurrent: (held: Held) => boolean;

  constructor(isCurrent: (held: Held) => boolean) {
    this.#isCurrent = isCurrent;
  }

  /** The number of the newest entry that there ever was; 0 when there was none. */
  get last(): number {
    return this.#last;
  }

  /** There was an entry of this number once: it is not given away again. */
  skip(number: number): void {
    this.#last = Math.max(this.#last, number);
  }

  /** @param replacesOne does an older one of the same path stand in the log? */
  append(held: Held, replacesOne: boolean): void {
    this.#entries.push(held);
    this.skip(held.number);
    if (replacesOne) this.drop();
  }

  /** One of its entries is not current any more. */
  drop(): void {
    this.#stale += 1;
    if (this.#stale > LEAST_COMPACTED && this.#stale * 2 > this.#entries.length) this.#compact();
  }

  /**
   * What a peer has to be told next.
   *
   * @param connection to it
   * @param above the number up to which it was told all
   * @param hasRoom is asked before each entry but the first one
   */
  excerpt(connection: Connection, above: number, hasRoom: (next: Held) => boolean): Excerpt {
    const entries: Held[] = [];
    let at = this.#firstAbove(above);
    for (; at < this.#entries.length; at += 1) {
      const held = this.#entries[at];
      if (held === undefined || !this.#isCurrent(held) || held.knownBy.includes(connection)) continue;
      if (!hasRoom(held) && entries.length > 0) break;
      entries.push(held);
    }
    // The highest number may be that of a deletion that was forgotten: what was told stays told.
    const upTo = Math.max(above, this.#entries[at - 1]?.number ?? 0);
    return { entries, upTo, isAll: at >= this.#entries.length };
  }

  #firstAbove(number: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.number ?? 0) > number) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #compact(): void {
    this.#entries = this.#entries.filter(this.#isCurrent);
    this.#stale = 0;
  }
}
