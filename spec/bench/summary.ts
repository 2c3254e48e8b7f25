import type { Party } from './contestants/contestant.ts';
import type { Row } from './rows.ts';
import type { RowResult, Sample } from './sample.ts';

/** Several runs of the same thing. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/** How a party did in a row, in its best setting. */
export interface Standing {
  readonly contestant: string;
  readonly wall: Spread;
  readonly cpuSeconds: number;
  /** The most in any run, of the program and of one of its children; 0 without children. */
  readonly parentMiB: number;
  readonly childMiB: number;
  readonly children: number;
}

/** What one goal came to. */
export interface Verdict {
  readonly peer: 'lftp' | 'rclone';
  readonly goal: number;
  /** Our median divided by the peer's. */
  readonly ratio: number;
  readonly isMet: boolean;
}

/** A row, counted up. */
export interface RowSummary {
  readonly row: Row;
  readonly standings: Readonly<Partial<Record<Party, Standing>>>;
  /** Every setting of everybody, the quickest first. */
  readonly settings: readonly Standing[];
  readonly verdicts: readonly Verdict[];
  /** The most connections that ours opened in a run. */
  readonly opened: number;
  readonly faults: readonly string[];
}

/** The middle of some numbers, and how far they lie apart. @throws RangeError without any */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted.at(0), sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError('nothing has no median');
  const half = (sorted.length - 1) / 2;
  const [below = NaN, above = NaN] = [sorted[Math.floor(half)], sorted[Math.ceil(half)]];
  return { median: (below + above) / 2, least, most, runs: sorted.length };
}

/** Count a row up. */
export function summarize(row: Row, { samples, faults }: RowResult): RowSummary {
  const parties = [...new Set(samples.map(({ party }) => party))];
  const standings = Object.fromEntries(
    parties.map((party) => [party, standingOf(samples.filter((sample) => sample.party === party))]),
  ) as RowSummary['standings'];
  const verdicts = (['lftp', 'rclone'] as const).flatMap((peer) => verdictOf(row.goals[peer], peer, standings));
  const opened = Math.max(0, ...samples.filter(({ party }) => party === 'ours').map((sample) => sample.opened));
  return { row, standings, settings: settingsOf(samples), verdicts, opened, faults };
}

/** The best of a party's settings: the one with the least median. */
function standingOf(samples: readonly Sample[]): Standing | undefined {
  return settingsOf(samples)[0];
}

function settingsOf(samples: readonly Sample[]): readonly Standing[] {
  const names = [...new Set(samples.map(({ contestant }) => contestant))];
  const all = names.map((name) => {
    const runs = samples.filter(({ contestant }) => contestant === name);
    return {
      contestant: name,
      wall: spreadOf(runs.map(({ wallSeconds }) => wallSeconds)),
      cpuSeconds: spreadOf(runs.map(({ cpuSeconds }) => cpuSeconds)).median,
      parentMiB: Math.max(...runs.map(({ parentMiB }) => parentMiB)),
      childMiB: Math.max(0, ...runs.flatMap(({ childrenMiB }) => childrenMiB)),
      children: Math.max(...runs.map(({ childrenMiB }) => childrenMiB.length)),
    };
  });
  return all.sort((a, b) => a.wall.median - b.wall.median);
}

function verdictOf(goal: number | undefined, peer: Verdict['peer'], standings: RowSummary['standings']): Verdict[] {
  const [ours, other] = [standings.ours, standings[peer]];
  if (goal === undefined || ours === undefined || other === undefined) return [];
  const ratio = ours.wall.median / other.wall.median;
  return [{ peer, goal, ratio, isMet: ratio <= goal }];
}
