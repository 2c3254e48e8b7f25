import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { wholeNumber } from '../base/plain-number.ts';

/** Ports for data connections, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
  /** From one port to the next; 1 when it is not given. */
  readonly step?: number;
}

/** How many ports there are. */
export function portsIn({ first, last, step = 1 }: PortRange): number {
  return Math.floor((last - first) / step) + 1;
}

const SYSTEM = '/proc/sys/net/ipv4';

/**
 * The ports that the system would choose from to listen on; `undefined` where it does not tell, or keeps some of them for
 * others. That is each second one: Linux gives the others to connections that begin here, so that neither is in the way of the
 * other (since 4.2).
 *
 * To choose ourselves is quicker: the system takes none that was used within the last minute, and when there are thousands of
 * those it looks at each of them, which takes milliseconds.
 *
 * @param folder of the settings, as in ip(7)
 */
export function systemPorts(folder = SYSTEM): PortRange | undefined {
  try {
    const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8').trim();
    const range = parsePortRange(read('ip_local_port_range').replace(/\s+/, '-'));
    if (range === undefined || range.first === range.last || read('ip_local_reserved_ports') !== '') return undefined;
    return { first: range.first + 1, last: range.last, step: 2 };
  } catch {
    return undefined;
  }
}

// With this many tries a range that is nearly used up still gives a port; an empty one must not cost a session seconds.
const MOST_TRIES = 64;

/**
 * Ports to be tried one after the other, in an order nobody can foretell (RFC 2577 section 8).
 *
 * Without a range it is 0: the system then takes a free one.
 */
export function* shuffledPorts(range: PortRange | undefined): Generator<number> {
  if (range === undefined) {
    yield 0;
    return;
  }
  const count = portsIn(range);
  const start = randomInt(count);
  for (let tries = 0; tries < Math.min(count, MOST_TRIES); tries += 1) {
    yield range.first + ((start + tries) % count) * (range.step ?? 1);
  }
}

/** What {@link parsePortRange} takes, in words. */
export const PORT_RANGE_RULE = 'must be two ports from 1 to 65535, the lower one first, such as 40000-40100';

/** Read a range of ports: `40000-40100`; `undefined` when it breaks {@link PORT_RANGE_RULE}. */
export function parsePortRange(text: string): PortRange | undefined {
  const [first, last, ...more] = text.split('-').map((part) => wholeNumber(part, [1, 65_535]));
  if (first === undefined || last === undefined || more.length > 0 || first > last) return undefined;
  return { first, last };
}
