/** Random numbers that are the same in every run with the same seed, so that a failure can be repeated. */
export interface SeededRandom {
  /** A number from 0 up to, but without, 1. */
  fraction(): number;
  /** A whole number from 0 up to, but without, `below`. */
  integer(below: number): number;
  /** Is it one of the `share` (0 to 1) of cases? */
  chance(share: number): boolean;
  /** One of the items; the list must not be empty. */
  pick<Item>(items: readonly Item[]): Item;
}

/**
 * The generator mulberry32 by Tommy Ettinger (public domain): 32 bits of state, plenty for choosing test cases.
 *
 * @param seed any whole number; only its lowest 32 bits count
 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(fraction() * below);
  return {
    fraction,
    integer,
    chance: (share) => fraction() < share,
    pick: (items) => {
      const [item] = items.slice(integer(items.length));
      if (item === undefined) throw new RangeError('Nothing to pick from');
      return item;
    },
  };
}
