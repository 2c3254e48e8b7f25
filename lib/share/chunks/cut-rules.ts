/** Where a content may be cut. Sizes in bytes. */
export interface CutRules {
  readonly min: number;
  /** About what chunks have: before it a cut is rarer than behind it, so that their sizes differ less. */
  readonly average: number;
  readonly max: number;
}

/** Files of at most so many bytes are one chunk: to cut one would save less than what its second chunk costs. */
export const WHOLE_BYTES = 64 * 1024;

/** The most that the size of a chunk can be, of which three bytes are kept. */
export const LARGEST_CHUNK = 2 ** 24 - 1;

// A list of so many takes 2 MiB: as much as may travel in one message beside other things.
const MOST_CHUNKS = 2 ** 16;

// Half, once and four times: a change then moves 2 % of a file where 0.1 % of it were overwritten here and there, while the
// list of its chunks stays at 0.05 % of it.
const RULES: CutRules = { min: 32 * 1024, average: 64 * 1024, max: 256 * 1024 };

// The chunks of the last doubling are as large as they can be.
const MOST_DOUBLINGS = 6;

/**
 * The rules for a file: what would have more than 65,536 chunks is cut into larger ones.
 *
 * @param size bytes
 */
export function cutRulesFor(size: number): CutRules {
  let factor = 1;
  while (size > factor * RULES.average * MOST_CHUNKS && factor < 2 ** MOST_DOUBLINGS) factor *= 2;
  const { min, average, max } = RULES;
  return { min: factor * min, average: factor * average, max: Math.min(factor * max, LARGEST_CHUNK) };
}
