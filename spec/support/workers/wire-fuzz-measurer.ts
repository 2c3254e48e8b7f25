import { fuzzWire } from '../../share/wire/fuzz-wire.ts';
import { usedHeap } from '../used-heap.ts';

/** What came of readers that got nonsense. */
export interface WireFuzzFigures {
  readonly wrongs: readonly string[];
  readonly rounds: number;
  readonly messages: number;
  readonly refusals: number;
  /** Bytes that are used more than at the beginning, garbage not counted. */
  readonly grown: number;
  /** The same of what the process has of the system, once the garbage is gone. */
  readonly grownResident: number;
}

/** Sends nonsense to readers. Arguments: the seed, how long in milliseconds, and in how many parts. Prints JSON. */
const [seed = 1, forMs = 1000, parts = 1] = process.argv.slice(2).map(Number);

// What is loaded at first use is no leak.
fuzzWire({ seed, forMs: forMs / parts });
const before = { used: await usedHeap(), resident: process.memoryUsage().rss };
const sums = { rounds: 0, messages: 0, refusals: 0 };
const allWrongs: string[] = [];
for (let part = 1; part <= parts && allWrongs.length === 0; part += 1) {
  // New messages to spoil are made for each.
  const { wrongs, rounds, messages, refusals } = fuzzWire({ seed: seed + part * 1_000_003, forMs: forMs / parts });
  allWrongs.push(...wrongs);
  sums.rounds += rounds;
  sums.messages += messages;
  sums.refusals += refusals;
}
const grown = (await usedHeap()) - before.used;
const grownResident = process.memoryUsage().rss - before.resident;
const figures: WireFuzzFigures = { wrongs: allWrongs, ...sums, grown, grownResident };
process.stdout.write(JSON.stringify(figures));
