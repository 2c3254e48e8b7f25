import { read } from '../../documents/pages.ts';
import { getPart } from '../marked-parts.ts';
import { type ServerName, serverNames } from './benched-server.ts';
import { serverRows } from './rows.ts';
import type { ServerRowResult } from './run-row.ts';
import { serverCostsTable, serverTable } from './server-table.ts';

describe('the table of servers', () => {
  const [large] = serverRows.filter(({ id }) => id === 'STOR/large/8');
  const [small] = serverRows.filter(({ id }) => id === 'RETR/small/32');

  it('tells throughput and ratio, and that a goal is met', () => {
    expect(lineOf(result(large, { ours: [2, 1, 3], vsftpd: [1.8, 1.8, 1.8] }))).toEqual([
      ...['STOR/large/8', 'MB', '537 (358-1074)', '597 (597-597)', '', '', '', '0.90 (>= 0.8)', '', 'met'],
    ]);
  });

  it('tells by how much a goal is missed', () => {
    const line = lineOf(result(small, { ours: [4], vsftpd: [1], pyftpdlib: [3] }));
    expect(line.slice(-3)).toEqual(['0.25 (>= 0.5)', '0.75 (>= 1)', 'missed by 50 % and 25 %']);
    expect(line[2]).toBe('256');
  });

  it('tells what went wrong, whatever the figures', () => {
    expect(lineOf({ ...result(large, { ours: [1], vsftpd: [1] }), faults: ['ours: f0-0 is missing'] }).at(-1)).toBe(
      'WRONG',
    );
  });

  it('judges nothing that was not measured', () => {
    expect(lineOf(result(large, { ours: [1] })).slice(-3)).toEqual(['', '', '']);
  });

  it('tells the processor time of server and clients', () => {
    const [headings, line] = serverCostsTable([result(large, { ours: [2, 1, 3], vsftpd: [20] })]);

    expect(headings?.slice(0, 3)).toEqual(['row', 'ours, CPU s', 'vsftpd, CPU s']);
    expect(line).toEqual(['STOR/large/8', '1.00 + 0.50', '10.0 + 5.00', '', '', '']);
  });

  it('has a place in the page', () => {
    expect(getPart(read('docs/benchmarks.md'), 'server', 'bench:server')).not.toBe('');
  });
});

function result(
  row: ServerRowResult['row'] | undefined,
  seconds: Partial<Record<ServerName, readonly number[]>>,
): ServerRowResult {
  if (row === undefined) throw new Error('There is no such row');
  const samples = serverNames.flatMap((server) => (seconds[server] ?? []).map((value) => sampleOf(server, value)));
  return { row, samples, faults: [] };
}

function sampleOf(server: ServerName, value: number): ServerRowResult['samples'][number] {
  return { server, seconds: value, serverCpuSeconds: value / 2, clientsCpuSeconds: value / 4 };
}

function lineOf(one: ServerRowResult): readonly string[] {
  const [, line = []] = serverTable([one]);
  return line;
}
