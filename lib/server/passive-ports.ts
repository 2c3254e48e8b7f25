import { randomInt } from 'node:crypto';
import { wholeNumber } from '../base/plain-number.ts';

/** Ports for data connections, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

// With this many tries a range that is nearly used up still gives a port; an empty one must not cost a session seconds.
const MOST_TRIES = 64;

/**
 * Ports to be tried one after the other, in an order nobody can foretell (RFC 2577 section 8).
 *
 * Without a range it is 0: the system then takes a random free one.
 */
export function* shuffledPorts(range: PortRange | undefined): Generator<number> {
  if (range === undefined) {
    yield 0;
    return;
  }
  const count = range.last - range.first + 1;
  const start = randomInt(count);
  for (let step = 0; step < Math.min(count, MOST_TRIES); step += 1) yield range.first + ((start + step) % count);
}

/** What {@link parsePortRange} takes, in words. */
export const PORT_RANGE_RULE = 'must be two ports from 1 to 65535, the lower one first, such as 40000-40100';

/** Read a range of ports: `40000-40100`; `undefined` when it breaks {@link PORT_RANGE_RULE}. */
export function parsePortRange(text: string): PortRange | undefined {
  const [first, last, ...more] = text.split('-').map((part) => wholeNumber(part, [1, 65_535]));
  if (first === undefined || last === undefined || more.length > 0 || first > last) return undefined;
  return { first, last };
}
