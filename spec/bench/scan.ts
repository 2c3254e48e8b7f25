import { runMeasurer } from '../support/run-measurer.ts';

/** What a scan of a folder takes. */
export interface ScanFigures {
  /** Files and folders. */
  readonly entries: number;
  /** Of `find FOLDER -printf '%p %s %T@'`. */
  readonly findMs: number;
  readonly scanMs: number;
  /** Of the scan to find. */
  readonly ratio: number;
  /** Bytes of heap that the result of a scan keeps. */
  readonly heapPerEntry: number;
  /** The longest time in a scan in which nothing else had its turn. */
  readonly longestStallMs: number;
}

/**
 * Measure scans of a folder against find, in turns, in a process of its own. What is on the disk is in memory from the
 * first round on.
 *
 * @returns medians of the rounds
 */
export function measureScan(folder: string, rounds = 7): Promise<ScanFigures> {
  return runMeasurer('scan-measurer', [folder, String(rounds)]);
}
