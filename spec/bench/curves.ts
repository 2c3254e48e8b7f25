import type { Party } from './contestants/contestant.ts';
import type { Plot, Series } from './plot.ts';
import type { RowSummary } from './summary.ts';
import { trees } from './trees.ts';

const COLOURS = { ours: '#0a7d3c', lftp: '#1f5fbf', rclone: '#b8501e' } as const satisfies Partial<
  Record<Party, string>
>;

/** Files a second over the length of the line: S1k, vsftpd, 8 connections. */
export function overRoundTrip(summaries: readonly RowSummary[]): Plot {
  const rows = summaries.filter(({ row }) => row.work === 'S1k' && row.server === 'vsftpd');
  return {
    name: 'files-over-round-trip',
    title: '1,000 small files, 8 connections, vsftpd',
    xLabel: 'round trip, ms',
    ...curves(rows, ({ row }) => row.roundTripMs),
  };
}

/** Files a second over the number of connections: S1k, vsftpd, 20 ms. */
export function overConnections(summaries: readonly RowSummary[]): Plot {
  const isPoint = ({ row }: RowSummary) =>
    row.work.startsWith('S1k') && row.server === 'vsftpd' && row.roundTripMs === 20;
  return {
    name: 'files-over-connections',
    title: '1,000 small files, round trip 20 ms, vsftpd',
    xLabel: 'connections',
    ...curves(summaries.filter(isPoint), ({ row }) => row.connections),
  };
}

function curves(
  summaries: readonly RowSummary[],
  place: (summary: RowSummary) => number,
): Pick<Plot, 'yLabel' | 'places' | 'series'> {
  const sorted = [...summaries].sort((a, b) => place(a) - place(b));
  const series = (['ours', 'lftp', 'rclone'] as const).map((party): Series => {
    const points = sorted.flatMap((summary): Series['points'] => {
      const standing = summary.standings[party];
      return standing ? [[place(summary), trees[summary.row.tree].files / standing.wall.median]] : [];
    });
    return { name: party === 'ours' ? 'FilesMirror' : party, colour: COLOURS[party], points };
  });
  return {
    yLabel: 'files a second',
    places: sorted.map(place),
    series: series.filter(({ points }) => points.length > 0),
  };
}
