import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowResult } from './sample.ts';
import { measureScan } from './scan.ts';
import type { Table } from './table.ts';
import { growTree } from './trees.ts';

/** Something that is measured of ours alone, without a site. */
export interface Solo {
  readonly id: string;
  measure(): Promise<RowResult>;
}

const FILES_PER_FOLDER = 95;
const SCANNED = [10_000, 100_000, 1_000_000];

/** Scans of trees of empty files, against find. */
export const solos: readonly Solo[] = SCANNED.map((entries) => ({
  id: `scan/${entries}`,
  measure: () => scanOf(`scan/${entries}`, entries),
}));

async function scanOf(id: string, entries: number): Promise<RowResult> {
  const folder = mkdtempSync(join(tmpdir(), 'filesmirror-bench-'));
  try {
    const folders = Math.round(entries / (FILES_PER_FOLDER + 1));
    growTree(folder, { files: entries - folders, folders, smallest: 0, largest: 0 });
    const figures = { ...(await measureScan(folder)) };
    return { id, at: new Date().toISOString(), samples: [], faults: [], figures };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const HEADINGS = ['row', 'find, ms', 'scan, ms', 'ratio', 'us an entry', 'heap an entry, bytes', 'longest stall, ms'];

/** What came out of the scans. */
export function scanTable(results: readonly RowResult[]): Table {
  const scans = results.filter(({ id, figures }) => id.startsWith('scan/') && figures);
  return [HEADINGS, ...scans.map(({ id, figures = {} }) => lineOf(id, figures))];
}

function lineOf(id: string, figures: Readonly<Record<string, number>>): readonly string[] {
  const { entries = NaN, findMs = NaN, scanMs = NaN, ratio = NaN, heapPerEntry = NaN, longestStallMs = NaN } = figures;
  const times = [findMs.toFixed(0), scanMs.toFixed(0), ratio.toFixed(2), ((scanMs * 1000) / entries).toFixed(2)];
  return [id, ...times, heapPerEntry.toFixed(0), longestStallMs.toFixed(0)];
}
