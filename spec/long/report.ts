import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem, type } from 'node:os';
import { putPart } from '../bench/marked-parts.ts';
import { asMarkdown } from '../bench/page.ts';
import type { Table } from '../bench/table.ts';

const PAGE = 'docs/test-long.md';
const BENCHMARKS = 'docs/benchmarks.md';
/** Its figures are told among the benchmarks. */
const LOAD = 'The server program under load';

const args = process.argv.slice(2).filter((word) => !word.startsWith('--config='));
// Parts that were run by their files take the place of the same parts; one spec of them would not be the whole of it.
const isWhole = args.length === 0;
const isWritten = args.every((word) => !word.startsWith('-'));

type Row = Readonly<Record<string, unknown>>;

/** Specs that each tell one row of a table. */
interface Rows {
  readonly rows: Row[];
  failed: number;
  tookMs: number;
}

const sections = new Map<string, string>();
const tables = new Map<string, Rows>();

/** Prints the figures of each part as soon as it has ended, and writes them into the page at the end. */
jasmine.getEnv().addReporter({
  specDone({ fullName, description, status, duration, properties, failedExpectations, pendingReason }) {
    if (status === 'excluded') return;
    const result = `${status}${pendingReason ? `, ${pendingReason}` : ''}`;
    const figures = Object.entries(properties ?? {}).map(([name, value]) => `- ${name}: ${shown(value)}`);
    const failures = failedExpectations.map(({ message }) => `- failure: ${message.replaceAll('\n', ' ')}`);
    const lines = [...headOf(result, duration ?? 0), ...figures, ...failures];
    process.stdout.write(`\n## ${fullName}\n\n${lines.join('\n')}\n`);
    const row: unknown = properties?.['row'];
    if (isRow(row)) addRow(fullName.slice(0, -description.length).trim(), { ...row, result }, duration ?? 0);
    else sections.set(fullName, lines.join('\n'));
  },
  jasmineDone() {
    if (!isWritten) return;
    for (const [name, table] of tables) {
      sections.set(name, sectionOf(name, table));
      if (name === LOAD) tellLoad(table);
    }
    const before = isWhole || !existsSync(PAGE) ? [] : sectionsIn(readFileSync(PAGE, 'utf8'));
    writeFileSync(PAGE, page(new Map([...before, ...sections])));
  },
});

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

function addRow(name: string, row: Row, tookMs: number): void {
  const table = tables.get(name) ?? { rows: [], failed: 0, tookMs: 0 };
  table.rows.push(row);
  table.tookMs += tookMs;
  if (row['result'] !== 'passed') table.failed += 1;
  tables.set(name, table);
}

/** What is told of them in the page: a table, or what leads to it. */
function sectionOf(name: string, { rows, failed, tookMs }: Rows): string {
  const head = headOf(`${failed === 0 ? 'passed' : 'failed'}, ${rows.length} rows, ${failed} failed`, tookMs);
  if (name === LOAD) return [...head, '- figures: [benchmarks](benchmarks.md#under-load)'].join('\n');
  return [...head, '', asMarkdown(tableOf(rows))].join('\n');
}

function tellLoad({ rows }: Rows): void {
  const content = `Measured on ${today()}, ${machine()}.\n\n${asMarkdown(tableOf(rows))}`;
  writeFileSync(BENCHMARKS, putPart(readFileSync(BENCHMARKS, 'utf8'), 'load', content, 'test:long'));
}

function headOf(result: string, tookMs: number): readonly string[] {
  return [`- result: ${result}`, `- date: ${today()}`, `- took: ${shownTime(tookMs)}`];
}

function tableOf(rows: readonly Row[]): Table {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
}

function sectionsIn(page: string): readonly (readonly [string, string])[] {
  const [, ...parts] = page.trimEnd().split('\n## ');
  return parts.map((part) => {
    const end = part.indexOf('\n');
    return [part.slice(0, end), part.slice(end).trim()];
  });
}

function page(sections: ReadonlyMap<string, string>): string {
  const failed = [...sections.values()].filter((text) => text.startsWith('- result: failed')).length;
  const head = [
    '# The long tests',
    '',
    'Written by `npm run test:long`: all parts, or those of the files that it is given. What the parts are, tells [testing](guides/testing.md).',
    '',
    `- Node.js: ${process.version}`,
    `- machine: ${machine()}`,
    `- parts: ${sections.size}, ${failed} failed`,
  ];
  const parts = [...sections].map(([name, text]) => `## ${name}\n\n${text}`);
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`;
}

function machine(): string {
  return `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ${type()}, ${process.arch}`;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function shownTime(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, amount]) => `${name} ${amount}`)
    .join(', ');
}
