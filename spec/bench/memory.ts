import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMeasurer } from '../support/run-measurer.ts';

/** What the cycles of a mirror take, without what the far side takes. */
export interface MemoryFigures {
  /** Files and folders. */
  readonly entries: number;
  /** The first cycle, in which all is new: scan, plan, a record before and after each step, journal written anew. */
  readonly firstMs: number;
  /** A cycle in which nothing has changed. */
  readonly idleMs: number;
  /** The longest time in such a cycle in which nothing else had its turn. */
  readonly longestIdleStallMs: number;
  /** To open the journal, read it, and close it. */
  readonly openMs: number;
  /** The most memory the process ever had, all of Node included. */
  readonly maxRssMiB: number;
  /** Bytes of heap that remain of an entry between two cycles. */
  readonly heapPerEntry: number;
  /** Bytes that the heap grew by in all the cycles without changes. */
  readonly idleGrowth: number;
}

/** How {@link measureMemory} goes about it. */
export interface MemoryOptions {
  /** Cycles without changes before the heap is looked at for the first time; their time is measured. */
  readonly warmCycles?: number;
  /** And from there to the second look. */
  readonly idleCycles?: number;
  /** For Node. */
  readonly flags?: readonly string[];
}

/** Measure the cycles of a mirror of a folder, in a process of its own; its far side takes no time and no memory. */
export async function measureMemory(folder: string, options: MemoryOptions = {}): Promise<MemoryFigures> {
  const { warmCycles = 3, idleCycles = 2, flags = [] } = options;
  const stateFolder = mkdtempSync(join(tmpdir(), 'filesmirror-bench-'));
  try {
    return await runMeasurer('cycle-measurer', [folder, stateFolder, String(warmCycles), String(idleCycles)], flags);
  } finally {
    rmSync(stateFolder, { recursive: true });
  }
}
