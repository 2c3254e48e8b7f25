import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../documents/pages.ts';
import { overConnections, overRoundTrip } from './curves.ts';
import { surroundings } from './machine.ts';
import { writePage } from './page.ts';
import { drawPlot } from './plot.ts';
import type { RowSummary } from './summary.ts';
import type { Table } from './table.ts';

const PAGE = join(repository, 'docs/benchmarks.md');
const IMAGES = join(repository, 'docs/images');

/** Write what came out into docs/benchmarks.md and its plots. */
export function writePages(summaries: readonly RowSummary[], parts: Readonly<Record<string, Table>>): void {
  const facts = { summaries, surroundings: surroundings(), parts };
  writeFileSync(PAGE, writePage(readFileSync(PAGE, 'utf8'), facts));
  mkdirSync(IMAGES, { recursive: true });
  for (const plot of [overRoundTrip(summaries), overConnections(summaries)]) {
    writeFileSync(join(IMAGES, `${plot.name}.svg`), drawPlot(plot));
  }
}
