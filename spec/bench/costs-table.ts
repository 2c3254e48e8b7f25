import type { Party } from './contestants/contestant.ts';
import type { RowSummary, Standing } from './summary.ts';
import { percentOver, seconds, type Table, time } from './table.ts';

const PARTIES: readonly Party[] = ['ours', 'lftp', 'rclone', 'basic-ftp'];

/** What the same runs cost: processor time (user and system, children counted) and memory. */
export function costsTable(summaries: readonly RowSummary[]): Table {
  const headings = ['row', ...PARTIES.map((party) => `${party}, CPU s`), ...PARTIES.map((party) => `${party}, MiB`)];
  return [headings, ...summaries.filter(({ row }) => row.modes === undefined).map(lineOf)];
}

function lineOf({ row, standings }: RowSummary): readonly string[] {
  const cells = (cell: (standing: Standing) => string) =>
    PARTIES.map((party) => {
      const standing = standings[party];
      return standing ? cell(standing) : '';
    });
  return [row.id, ...cells(({ cpuSeconds }) => seconds(cpuSeconds)), ...cells(memory)];
}

function memory({ parentMiB, childMiB, children }: Standing): string {
  return children === 0 ? parentMiB.toFixed(0) : `${parentMiB.toFixed(0)} + ${children} x ${childMiB.toFixed(0)}`;
}

/** Our mirror in the ways it can run (`--multi`), each beside the others. */
export function modesTable(summaries: readonly RowSummary[]): Table {
  const lines = summaries
    .filter(({ row }) => row.modes)
    .flatMap(({ row, settings }) =>
      settings.map((standing) => {
        const { contestant, wall, cpuSeconds } = standing;
        return [`${row.id}, ${contestant.replace('ours ', '')}`, time(wall), seconds(cpuSeconds), memory(standing)];
      }),
    );
  return [['row', 'seconds', 'CPU s', 'memory, MiB'], ...lines];
}

/** The most that a process of ours may have at S20, in MiB. */
const MEMORY_GOAL_MIB = 80;

/** Memory of our processes where there is a goal for it. */
export function memoryTable(summaries: readonly RowSummary[]): Table {
  const lines = summaries.filter(({ row, standings }) => row.work === 'S20' && standings.ours).map(memoryLine);
  return [['row', 'goal', 'parent, MiB', 'largest child, MiB', 'result'], ...lines];
}

function memoryLine({ row, standings }: RowSummary): readonly string[] {
  const { parentMiB = 0, childMiB = 0 } = standings.ours ?? {};
  const most = Math.max(parentMiB, childMiB);
  const result = most <= MEMORY_GOAL_MIB ? 'met' : `missed by ${percentOver(most, MEMORY_GOAL_MIB)}`;
  return [`${row.id}, memory`, `<= ${MEMORY_GOAL_MIB} each`, parentMiB.toFixed(1), childMiB.toFixed(1), result];
}
