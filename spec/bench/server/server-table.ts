import { median } from '../../support/median.ts';
import { seconds, type Table } from '../table.ts';
import { type ServerName, serverNames } from './benched-server.ts';
import type { ServerRow } from './rows.ts';
import type { ServerRowResult } from './run-row.ts';

const MB = 1e6;

/** Throughput of every server in every row: medians with the least and the most. Large files in MB a second, small in files. */
export function serverTable(results: readonly ServerRowResult[]): Table {
  const headings = ['row', 'a second', ...serverNames, '/ vsftpd', '/ pyftpdlib', 'result'];
  return [headings, ...results.map(lineOf)];
}

/** Processor time in every row, `server + clients`: medians in seconds. */
export function serverCostsTable(results: readonly ServerRowResult[]): Table {
  const headings = ['row', ...serverNames.map((name) => `${name}, CPU s`)];
  return [headings, ...results.map((result) => [result.row.id, ...serverNames.map((name) => cost(result, name))])];
}

function cost({ samples }: ServerRowResult, name: ServerName): string {
  const own = samples.filter(({ server }) => server === name);
  if (own.length === 0) return '';
  const ofServer = median(own.map(({ serverCpuSeconds }) => serverCpuSeconds));
  const ofClients = median(own.map(({ clientsCpuSeconds }) => clientsCpuSeconds));
  return `${seconds(ofServer)} + ${seconds(ofClients)}`;
}

function lineOf(result: ServerRowResult): readonly string[] {
  const { row } = result;
  const cells = serverNames.map((name) => spread(result, name));
  return [
    row.id,
    isSmall(row) ? 'files' : 'MB',
    ...cells,
    ratioText(result, 'vsftpd'),
    ratioText(result, 'pyftpdlib'),
    verdict(result),
  ];
}

function isSmall({ bytes }: ServerRow): boolean {
  return bytes < MB;
}

/** What a server did in a second, in each of its runs. */
function throughputs({ row, samples }: ServerRowResult, name: ServerName): readonly number[] {
  const work = row.clients * row.files * (isSmall(row) ? 1 : row.bytes / MB);
  return samples.filter(({ server }) => server === name).map((sample) => work / sample.seconds);
}

function spread(result: ServerRowResult, name: ServerName): string {
  const all = throughputs(result, name);
  if (all.length === 0) return '';
  const [middle, least, most] = [median(all), Math.min(...all), Math.max(...all)].map((value) => value.toFixed(0));
  return all.length === 1 ? `${middle}` : `${middle} (${least}-${most})`;
}

/** How ours compares to another; `undefined` when one of both was not measured. */
function ratio(result: ServerRowResult, peer: ServerName): number | undefined {
  const value = median(throughputs(result, 'ours')) / median(throughputs(result, peer));
  return Number.isFinite(value) ? value : undefined;
}

function ratioText(result: ServerRowResult, peer: keyof ServerRow['goals']): string {
  const value = ratio(result, peer);
  const goal = result.row.goals[peer];
  if (value === undefined) return '';
  return goal === undefined ? value.toFixed(2) : `${value.toFixed(2)} (>= ${goal})`;
}

/** `met`, `missed by 12 %`, `WRONG` or, without a goal, nothing. */
function verdict(result: ServerRowResult): string {
  if (result.faults.length > 0) return 'WRONG';
  const goals = Object.entries(result.row.goals) as (readonly [keyof ServerRow['goals'], number])[];
  const judged = goals.flatMap(([peer, goal]) => {
    const value = ratio(result, peer);
    return value === undefined ? [] : [{ value, goal }];
  });
  const missed = judged.filter(({ value, goal }) => value < goal);
  if (missed.length > 0) return `missed by ${missed.map(shortfall).join(' and ')}`;
  return judged.length > 0 ? 'met' : '';
}

/** How much is missing; never nothing. */
function shortfall({ value, goal }: { readonly value: number; readonly goal: number }): string {
  return `${Math.max(1, Math.round((1 - value / goal) * 100))} %`;
}
