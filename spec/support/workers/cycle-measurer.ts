import { systemClock } from '../../../lib/base/clock.ts';
import { spareMemory } from '../../../lib/base/spare-memory.ts';
import { countEntries } from '../../../lib/files/directory.ts';
import { makeFilter } from '../../../lib/files/filter.ts';
import { DirectoryManager } from '../../../lib/sync/directory-manager.ts';
import type { Pair } from '../../../lib/sync/pair.ts';
import { PairJournal } from '../../../lib/sync/pair-journal.ts';
import type { MemoryFigures } from '../../bench/memory.ts';
import { longestStall } from '../longest-stall.ts';
import { median } from '../median.ts';
import { NoddingTransport } from '../nodding-transport.ts';
import { recordingLogger } from '../recording-logger.ts';
import { usedHeap } from '../used-heap.ts';

/**
 * Measures the cycles of a mirror. Arguments: its folder, a folder for its journal, and how many cycles without changes are
 * done before and after the first look at the heap. Prints JSON.
 */
const [, , folder = '', stateFolder = '', warmCycles = '', idleCycles = ''] = process.argv;

spareMemory();
const empty = await usedHeap();
const site: Pair['site'] = { protocol: 'ftp', host: 'far', port: 21, user: 'u', directory: '/' };
const openJournal = () => PairJournal.open(stateFolder, { site, localRoot: folder });
const manager = (journal: PairJournal) =>
  new DirectoryManager({
    localRoot: folder,
    maxDepth: Infinity,
    links: 'skip',
    filter: () => makeFilter(),
    guards: { maxDelete: { unit: 'percent', most: 50, above: 20 }, allowEmpty: false, allowReplaced: false },
    dryRun: false,
    transport: new NoddingTransport(),
    journal,
    logger: recordingLogger(),
    clock: systemClock,
  });

const journal = openJournal();
const mirror = manager(journal);
const cycle = () => mirror.cycle(new AbortController().signal);
const firstMs = await took(cycle);
const stall = await longestStall(cycle);
const idle: number[] = [];
for (let cycles = 0; cycles < Number(warmCycles); cycles += 1) idle.push(await took(cycle));
const before = await usedHeap();
for (let cycles = 0; cycles < Number(idleCycles); cycles += 1) await cycle();
const after = await usedHeap();
const entries = countEntries(journal.far);
journal.close();
const openMs = await took(() => openJournal().close());
const figures: MemoryFigures = {
  entries,
  firstMs,
  idleMs: median(idle),
  longestIdleStallMs: stall,
  openMs,
  maxRssMiB: process.resourceUsage().maxRSS / 1024,
  heapPerEntry: (before - empty) / entries,
  idleGrowth: after - before,
};
process.stdout.write(JSON.stringify(figures));

async function took(act: () => unknown): Promise<number> {
  const begin = performance.now();
  await act();
  return performance.now() - begin;
}
