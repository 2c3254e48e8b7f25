import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureMemory } from './memory.ts';
import type { RowResult } from './sample.ts';
import { measureScan } from './scan.ts';
import type { Table } from './table.ts';
import { growTree } from './trees.ts';

/** Something that is measured of ours alone, without a site. */
export interface Solo {
  readonly id: string;
  measure(): Promise<RowResult>;
}

type Figures = Readonly<Record<string, number>>;

const FILES_PER_FOLDER = 95;
const ENTRIES = [10_000, 100_000, 1_000_000];

/** Scans beside find, and the memory of a mirror, both of trees of empty files. */
export const solos: readonly Solo[] = [
  ...ENTRIES.map((entries) => solo(`scan/${entries}`, entries, async (folder) => ({ ...(await measureScan(folder)) }))),
  ...ENTRIES.map((entries) =>
    solo(`cycles/${entries}`, entries, async (folder) => ({ ...(await measureMemory(folder)) })),
  ),
];

function solo(id: string, entries: number, figuresOf: (folder: string) => Promise<Figures>): Solo {
  return {
    id,
    async measure() {
      const folder = mkdtempSync(join(tmpdir(), 'filesmirror-bench-'));
      try {
        const folders = Math.round(entries / (FILES_PER_FOLDER + 1));
        growTree(folder, { files: entries - folders, folders, smallest: 0, largest: 0 });
        return { id, at: new Date().toISOString(), samples: [], faults: [], figures: await figuresOf(folder) };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

interface Column {
  readonly heading: string;
  /** Decimals. */
  readonly places: number;
  readonly value: (figures: Figures) => number;
}

const scanColumns: readonly Column[] = [
  column('find, ms', 'findMs', 0),
  column('scan, ms', 'scanMs', 0),
  column('ratio', 'ratio', 2),
  { heading: 'us an entry', places: 2, value: ({ scanMs = NaN, entries = NaN }) => (scanMs * 1000) / entries },
  column('heap an entry, bytes', 'heapPerEntry', 0),
  column('longest stall, ms', 'longestStallMs', 0),
];

const cycleColumns: readonly Column[] = [
  column('memory, MiB', 'maxRssMiB', 0),
  column('heap an entry, bytes', 'heapPerEntry', 0),
  column('first cycle, ms', 'firstMs', 0),
  column('cycle without changes, ms', 'idleMs', 0),
  column('longest stall in it, ms', 'longestIdleStallMs', 0),
  column('reading the journal, ms', 'openMs', 0),
];

function column(heading: string, name: string, places: number): Column {
  return { heading, places, value: (figures) => figures[name] ?? NaN };
}

/** The tables of what came out, by the names of their parts of the page. */
export function soloTables(results: readonly RowResult[]): Readonly<Record<'scan' | 'cycles', Table>> {
  return { scan: tableOf('scan', scanColumns, results), cycles: tableOf('cycles', cycleColumns, results) };
}

function tableOf(kind: string, columns: readonly Column[], results: readonly RowResult[]): Table {
  const lines = results.flatMap(({ id, figures }) =>
    figures && id.startsWith(`${kind}/`)
      ? [[id, ...columns.map(({ value, places }) => value(figures).toFixed(places))]]
      : [],
  );
  return [['row', ...columns.map(({ heading }) => heading)], ...lines];
}
