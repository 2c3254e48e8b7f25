import { median } from '../../support/median.ts';
import type { Table } from '../table.ts';
import { type ContestantName, contestantNames } from './contestant.ts';
import type { Goal, ShareRow } from './rows.ts';
import type { Figures } from './stage.ts';

/** What came out of one row. */
export interface ShareRowResult {
  readonly row: ShareRow;
  readonly samples: readonly ShareSample[];
  /** Who did not come to its end, or brought another content, in any of the rounds. */
  readonly failed: readonly ContestantName[];
}

/** One run. */
export interface ShareSample {
  readonly contestant: ContestantName;
  readonly figures: Figures;
}

/** How figures are called and written. */
const kinds: Readonly<Record<keyof Figures, { readonly heading: string; readonly least: number }>> = {
  seconds: { heading: 'seconds', least: 2 },
  wireMiB: { heading: 'on the wire, MiB', least: 2 },
  cpuSeconds: { heading: 'processor, s', least: 2 },
  peakMiB: { heading: 'most memory, MiB', least: 0 },
};

/**
 * One figure of every row that has it: medians with the least and the most.
 *
 * @param judges are the goals those of what was measured? At another scale they are not
 */
export function shareTable(results: readonly ShareRowResult[], figure: keyof Figures, judges: boolean): Table {
  const shown = results.filter((result) => contestantNames.some((name) => valuesOf(result, name, figure).length > 0));
  const headings = [kinds[figure].heading, ...contestantNames, 'goal', 'result'];
  return [headings, ...shown.map((result) => lineOf(result, figure, judges))];
}

/** The order in which the tables stand. */
export const figuresInOrder: readonly (keyof Figures)[] = ['seconds', 'wireMiB', 'cpuSeconds', 'peakMiB'];

function lineOf(result: ShareRowResult, figure: keyof Figures, judges: boolean): readonly string[] {
  const goals = result.row.goals.filter((goal) => goal.figure === figure);
  const cells = contestantNames.map((name) => cellOf(result, name, figure));
  const verdicts = judges ? goals.flatMap((goal) => verdictsOf(result, goal)) : [];
  return [result.row.id, ...cells, goals.map(goalText).join('; '), summaryOf(verdicts)];
}

function valuesOf({ samples }: ShareRowResult, name: ContestantName, figure: keyof Figures): readonly number[] {
  const own = samples.filter(({ contestant }) => contestant === name);
  return own.map(({ figures }) => figures[figure]).filter((value) => value !== undefined);
}

function cellOf(result: ShareRowResult, name: ContestantName, figure: keyof Figures): string {
  if (result.failed.includes(name)) return 'FAILED';
  const values = valuesOf(result, name, figure);
  if (values.length === 0) return '';
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
  const places = placesOf(middle, kinds[figure].least);
  const [first, ...spread] = [middle, least, most].map((value) => value.toFixed(places));
  return values.length === 1 ? `${first}` : `${first} (${spread.join('-')})`;
}

/** As many places as mean something: three of a small figure, none of one with three before the point. */
function placesOf(value: number, usual: number): number {
  if (usual === 0 || value >= 100) return 0;
  if (value >= 10) return 1;
  return value < 0.1 ? 3 : usual;
}

function goalText({ of, most, ofPeer }: Goal): string {
  const whose = of === undefined ? '' : `${of.replace('ours ', '')} `;
  return ofPeer === undefined ? `${whose}<= ${most}` : `${whose}<= ${most} x ${ofPeer}`;
}

interface Verdict {
  readonly whose: string;
  /** By how much we take more than we should, as a part of that; 0 or less is well. */
  readonly excess: number;
}

function verdictsOf(result: ShareRowResult, { of, figure, most, ofPeer }: Goal): readonly Verdict[] {
  const owners = of === undefined ? contestantNames.filter((name) => name.startsWith('ours')) : [of];
  const limit = ofPeer === undefined ? most : most * median(valuesOf(result, ofPeer, figure));
  return owners.flatMap((name) => {
    const whose = name.replace('ours ', '');
    if (result.failed.includes(name)) return [{ whose, excess: Number.POSITIVE_INFINITY }];
    const excess = median(valuesOf(result, name, figure)) / limit - 1;
    return Number.isNaN(excess) ? [] : [{ whose, excess }];
  });
}

/** `met`, or who misses a goal by how much; nothing where nothing can be judged. */
function summaryOf(verdicts: readonly Verdict[]): string {
  const missed = verdicts.filter(({ excess }) => excess > 0);
  if (missed.length > 0) return missed.map(({ whose, excess }) => `${whose} ${missText(excess)}`).join(', ');
  return verdicts.length > 0 ? 'met' : '';
}

/** By how much; never by nothing. */
function missText(excess: number): string {
  if (excess === Number.POSITIVE_INFINITY) return 'WRONG';
  return `missed by ${Math.max(1, Math.round(excess * 100))} %`;
}
