import { wireLimits } from '../wire/limits.ts';

/** Where a content may be cut. Sizes in bytes. */
export interface CutRules {
  readonly min: number;
  /** About what chunks have: before it a cut is rarer than behind it, so that their sizes differ less. */
  readonly average: number;
  readonly max: number;
}

/** Files of at most so many bytes are one chunk: to cut one would save less than what its second chunk costs. */
export const WHOLE_BYTES = 64 * 1024;

// Half, once and four times: a change then moves 2 % of a file where 0.1 % of it were overwritten here and there, while the
// list of its chunks is 0.05 % of it.
const RULES: CutRules = { min: 32 * 1024, average: 64 * 1024, max: 256 * 1024 };

// With more the average would be as large as the largest chunk that may travel, and cuts would be where that ends.
const MOST_DOUBLINGS = 3;

/**
 * The rules for a file: where chunks of the usual size could be more than a peer may tell of, they are larger. Files of up to
 * 24 GiB never have too many.
 *
 * @param size bytes
 */
export function cutRulesFor(size: number): CutRules {
  let factor = 1;
  // The content of a file may be such that all its chunks are as small as they can be.
  while (size > factor * RULES.min * wireLimits.chunks && factor < 2 ** MOST_DOUBLINGS) factor *= 2;
  const { min, average, max } = RULES;
  return { min: factor * min, average: factor * average, max: Math.min(factor * max, wireLimits.chunkBytes) };
}
