import type { Chunks } from './chunk-list.ts';

const NONE = -1;

/**
 * Finds chunks of a list by their hashes, to take from an old version of a file what the new one still has.
 *
 * A table of numbers beside the list, 16 bytes a chunk at most: a Map with a key for each would take ten times as much.
 */
export class ChunkIndex {
  readonly #list: Chunks;
  readonly #places: Int32Array;
  #count = 0;

  /** @param most how many chunks the list may come to have */
  constructor(list: Chunks, most: number = list.count) {
    this.#list = list;
    // At most half of it is taken, so that a search is short.
    this.#places = new Int32Array(2 ** Math.ceil(Math.log2(2 * most + 1))).fill(NONE);
    this.grow();
  }

  /** There may be more chunks in the list. */
  grow(): void {
    for (; this.#count < this.#list.count; this.#count += 1) {
      const place = this.#placeOf(this.#list.hashOf(this.#count));
      if (this.#places[place] === NONE) this.#places[place] = this.#count;
    }
  }

  /** The first chunk with this hash, counted from 0; `undefined` when there is none. */
  find(hash: Uint8Array): number | undefined {
    const chunk = this.#places[this.#placeOf(hash)];
    return chunk === NONE ? undefined : chunk;
  }

  /** Where it stands, or could. */
  #placeOf(hash: Uint8Array): number {
    const last = this.#places.length - 1;
    // Hashes are as good as random: any bytes of them spread the chunks evenly.
    let place = firstWord(hash) & last;
    for (;;) {
      const chunk = this.#places[place] as number;
      if (chunk === NONE || Buffer.compare(this.#list.hashOf(chunk), hash) === 0) return place;
      place = (place + 1) & last;
    }
  }
}

function firstWord(hash: Uint8Array): number {
  return ((hash[0] as number) << 24) | ((hash[1] as number) << 16) | ((hash[2] as number) << 8) | (hash[3] as number);
}
