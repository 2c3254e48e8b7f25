import type { RowSummary, Spread, Standing, Verdict } from './summary.ts';

/** A table as lines of cells, the first with the headings. */
export type Table = readonly (readonly string[])[];

const HEADINGS = ['row', 'conn.', 'ours', 'lftp, best', 'rclone', 'basic-ftp', '/ lftp', '/ rclone', 'result'];

/** What came out, a line for each row with peers: medians in seconds with the least and the most. */
export function timesTable(summaries: readonly RowSummary[]): Table {
  return [HEADINGS, ...summaries.filter(({ row }) => row.modes === undefined).map(lineOf)];
}

function lineOf(summary: RowSummary): readonly string[] {
  const { row, standings, verdicts } = summary;
  const { ours, lftp, rclone, 'basic-ftp': naive } = standings;
  const ratio = (peer: string) => ratioText(verdicts.find((verdict) => verdict.peer === peer));
  const best = lftp === undefined ? '' : `${time(lftp.wall)} ${lftp.contestant.replace('lftp ', '')}`;
  const times = [timeOf(ours), best, timeOf(rclone), timeOf(naive)];
  return [row.id, String(row.connections), ...times, ratio('lftp'), ratio('rclone'), resultOf(summary)];
}

function timeOf(standing: Standing | undefined): string {
  return standing === undefined ? '' : time(standing.wall);
}

/** `2.00 (1.00-3.00)`: the median, the least and the most; of one run its time. */
export function time({ median, least, most, runs }: Spread): string {
  return runs === 1 ? seconds(median) : `${seconds(median)} (${seconds(least)}-${seconds(most)})`;
}

/** Seconds with as many places as mean something. */
export function seconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

function ratioText(verdict: Verdict | undefined): string {
  return verdict === undefined ? '' : `${verdict.ratio.toFixed(2)} (<= ${verdict.goal})`;
}

/** `met`, `missed by 12 %`, `WRONG` or, without a goal, nothing. */
function resultOf({ row, verdicts, opened, faults }: RowSummary): string {
  if (faults.length > 0) return 'WRONG';
  if (row.deed === 'unchanged') return opened === 0 ? 'met, none opened' : `missed, ${opened} opened`;
  const missed = verdicts.filter(({ isMet }) => !isMet);
  if (missed.length > 0) return `missed by ${missed.map(excess).join(' and ')}`;
  return verdicts.length > 0 ? 'met' : '';
}

function excess({ ratio, goal }: Verdict): string {
  return percentOver(ratio, goal);
}

/** By how much a figure is over its goal; never nothing. */
export function percentOver(value: number, goal: number): string {
  return `${Math.max(1, Math.round((value / goal - 1) * 100))} %`;
}

/** A table for a terminal. */
export function asText(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number) => cell.padEnd(widths[column] ?? 0);
  return table.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}
