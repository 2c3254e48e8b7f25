import { execFileSync } from 'node:child_process';
import { countEntries } from '../../../lib/files/directory.ts';
import { makeFilter } from '../../../lib/files/filter.ts';
import { type Scan, scan } from '../../../lib/files/scan.ts';
import type { ScanFigures } from '../../bench/scan.ts';
import { longestStall } from '../longest-stall.ts';
import { median } from '../median.ts';
import { usedHeap } from '../used-heap.ts';

/** Measures scans of a folder. Arguments: the folder, and how often find and scan run in turns. Prints JSON. */
const [, , folder = '', rounds = '1'] = process.argv;

const scanOnce = (): Promise<Scan> => scan(folder, { maxDepth: Infinity, filter: makeFilter(), links: 'skip' });

const finds: number[] = [];
const scans: number[] = [];
const stalls: number[] = [];
for (let round = 0; round < Number(rounds); round += 1) {
  finds.push(find());
  const begin = performance.now();
  const stall = await longestStall(scanOnce);
  scans.push(performance.now() - begin);
  stalls.push(stall);
}
const before = await usedHeap();
const { root } = await scanOnce();
const after = await usedHeap();
const entries = countEntries(root);
const [findMs, scanMs] = [median(finds), median(scans)];
const figures: ScanFigures = {
  entries,
  findMs,
  scanMs,
  ratio: scanMs / findMs,
  heapPerEntry: (after - before) / entries,
  // A stall of the scan is there each time, one of the machine is not.
  longestStallMs: median(stalls),
};
process.stdout.write(JSON.stringify(figures));

function find(): number {
  const begin = performance.now();
  execFileSync('find', [folder, '-printf', '%p %s %T@\\n'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return performance.now() - begin;
}
