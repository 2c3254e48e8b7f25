import { read } from '../../documents/pages.ts';
import { getPart } from '../marked-parts.ts';
import { type ContestantName, contestantNames } from './contestant.ts';
import { type ShareRow, shareRows } from './rows.ts';
import { scenes } from './scenes.ts';
import { type ShareRowResult, shareTable } from './share-table.ts';
import type { Figures } from './stage.ts';

describe('the table of sharing', () => {
  it('tells medians with the least and the most, and that all goals are met', () => {
    const times = { 'ours TLS': [3, 2, 2.5], 'ours plain': [2], 'Syncthing tuned': [6], rsync: [1.9] };
    const [, line] = shareTable([resultOf('first/random', times)], 'seconds', true);

    expect(line?.slice(0, 6)).toEqual(['first/random', '2.50 (2.00-3.00)', '2.00', '', '6.00', '1.90']);
    expect(line?.[6]).toBe('TLS <= 3; plain <= 2.2; TLS <= 0.5 x Syncthing tuned; plain <= 1.3 x rsync');
    expect(line?.[7]).toBe('met');
  });

  it('tells who misses a goal by how much, also one that another program sets', () => {
    const times = { 'ours TLS': [3.3], 'ours plain': [2], 'Syncthing tuned': [10], rsync: [1] };
    expect(verdictOf('first/random', times)).toBe('TLS missed by 10 %, plain missed by 54 %');
  });

  it('never says that a goal is missed by nothing', () => {
    expect(verdictOf('delta/front', { 'ours TLS': [1.6001] })).toBe('TLS missed by 1 %');
  });

  it('says that it is wrong when ours has failed, whatever the figures', () => {
    const result = {
      ...resultOf('delta/front', { 'ours TLS': [1], 'ours plain': [1] }),
      failed: ['ours TLS'] as const,
    };
    const [, line] = shareTable([result], 'seconds', true);

    expect(line?.[1]).toBe('FAILED');
    expect(line?.at(-1)).toBe('TLS WRONG');
  });

  it('judges nothing at another scale, and nothing that was not measured', () => {
    const [, line] = shareTable([resultOf('delta/front', { 'ours TLS': [100] })], 'seconds', false);
    expect(line?.at(-1)).toBe('');
    expect(verdictOf('delta/front', { rsync: [100] })).toBe('');
  });

  it('has a line for each row that has the figure, with as many places as mean something', () => {
    const results = [
      resultOf('first/text', { rsync: [123.4] }),
      resultOf('small/restart', { rsync: [0.0123] }, 'wireMiB'),
    ];

    expect(shareTable(results, 'seconds', true).map((line) => line[5])).toEqual(['rsync', '123']);
    expect(shareTable(results, 'wireMiB', true).map((line) => line[5])).toEqual(['rsync', '0.012']);
    expect(shareTable(results, 'peakMiB', true).length).toBe(1);
  });

  it('has a place in the page', () => {
    expect(getPart(read('docs/benchmarks.md'), 'share', 'bench:share')).not.toBe('');
  });
});

describe('the rows of sharing', () => {
  it('have names of their own, and scenes that all have rows', () => {
    expect(new Set(shareRows.map(({ id }) => id)).size).toBe(shareRows.length);
    expect([...new Set(shareRows.map(({ scene }) => scene))].sort()).toEqual(Object.keys(scenes).sort() as never);
  });

  it('are told in the page', () => {
    const page = read('docs/benchmarks.md');
    expect(shareRows.filter(({ id }) => !page.includes(`| \`${id}\``)).map(({ id }) => id)).toEqual([]);
  });
});

function resultOf(
  id: string,
  values: Partial<Record<ContestantName, readonly number[]>>,
  figure: keyof Figures = 'seconds',
): ShareRowResult {
  const samples = contestantNames.flatMap((contestant) =>
    (values[contestant] ?? []).map((value) => ({ contestant, figures: { [figure]: value } })),
  );
  return { row: rowOf(id), samples, failed: [] };
}

function verdictOf(id: string, values: Partial<Record<ContestantName, readonly number[]>>): string | undefined {
  const [, line] = shareTable([resultOf(id, values)], 'seconds', true);
  return line?.at(-1);
}

function rowOf(id: string): ShareRow {
  const row = shareRows.find((one) => one.id === id);
  if (row === undefined) throw new Error(`There is no row ${id}`);
  return row;
}
