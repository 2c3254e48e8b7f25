import { repository } from '../documents/pages.ts';
import type { Contestant, Task } from './contestants/contestant.ts';
import { costsTable, memoryTable, modesTable } from './costs-table.ts';
import { overConnections, overRoundTrip } from './curves.ts';
import { lineUp } from './line-up.ts';
import { putPart } from './marked-parts.ts';
import type { Plot } from './plot.ts';
import type { Row } from './rows.ts';
import type { RowSummary } from './summary.ts';
import { type Table, timesTable } from './table.ts';

/** All that the page tells and people do not write. */
export interface PageFacts {
  readonly summaries: readonly RowSummary[];
  readonly surroundings: readonly (readonly [name: string, value: string])[];
  /** Lines with words of their own: `scan` and the like. */
  readonly parts: Readonly<Record<string, Table>>;
}

/** Put the figures into docs/benchmarks.md. */
export function writePage(page: string, { summaries, surroundings, parts }: PageFacts): string {
  const contents: Readonly<Record<string, string>> = {
    surroundings: asMarkdown([['what', 'version'], ...surroundings]),
    times: asMarkdown(timesTable(summaries)),
    costs: asMarkdown(costsTable(summaries)),
    plots: [overRoundTrip(summaries), overConnections(summaries)].map(image).join('\n\n'),
    memory: asMarkdown(memoryTable(summaries)),
    modes: asMarkdown(modesTable(summaries)),
    commands: commands(summaries.map(({ row }) => row)),
    ...Object.fromEntries(Object.entries(parts).map(([name, table]) => [name, asMarkdown(table)])),
  };
  return Object.entries(contents).reduce((text, [name, content]) => putPart(text, name, content), page);
}

function image({ name, title }: Plot): string {
  return `![Files a second: ${title}](images/${name}.svg)`;
}

/** A table as the formatter of this repository has it. */
export function asMarkdown(table: Table): string {
  const cells = table.map((line) => line.map((cell) => cell.replaceAll('<', '\\<').replaceAll('|', '\\|')));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (words: readonly string[]) =>
    `| ${words.map((word, column) => word.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [headings = [], ...rest] = cells;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

const PLACE: Omit<Task, 'site'> = { near: 'TREE', far: 'far', removes: false, home: '$HOME' };
const SITE = { host: '$HOST', port: 21, user: '$USER', password: '$PASSWORD', certificate: undefined };

/** The command lines as they were run, with names for what differs from run to run. */
function commands(rows: readonly Row[]): string {
  const row = rows.find(({ deed, goals }) => deed === 'fill' && goals.rclone !== undefined) ?? rows[0];
  if (row === undefined) return '';
  const kinds = lineUp(row).filter(({ party, name }) => party !== 'lftp' || name.endsWith('async'));
  const firsts = kinds.filter(({ party }, index) => kinds.findIndex((other) => other.party === party) === index);
  return ['```sh', ...firsts.map(commandLine), '```'].join('\n');
}

function commandLine(contestant: Contestant): string {
  const { words, env } = contestant.command({ ...PLACE, site: SITE });
  const secret = Object.keys(env).filter((name) => name !== 'HOME');
  return [...secret.map((name) => `${name}=$PASSWORD`), ...words.map(quoted)].join(' ');
}

function quoted(word: string): string {
  const name = word === process.execPath ? 'node' : word.replace(repository, '');
  return /^[\w./:@%,=+$-]+$/.test(name) ? name : `"${name}"`;
}
