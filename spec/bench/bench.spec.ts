import { requireProgram } from '../support/foreign/found.ts';
import { requireServer } from '../support/foreign-server.ts';
import { missingForDelay, missingForLab } from './lab/lab.ts';
import type { Row } from './rows.ts';
import { runRow } from './run-row.ts';
import { runRows } from './run-rows.ts';
import type { RowResult, Sample } from './sample.ts';

const tiny: Row = {
  ...{ id: 'tiny/vsftpd/0', work: 'tiny', tree: 'tiny', deed: 'fill', server: 'vsftpd', connections: 2 },
  ...{ roundTripMs: 0, tls: false, goals: {}, rounds: 2, parties: ['ours', 'lftp'] },
};

describe('the benchmark', () => {
  beforeEach(() => {
    requireServer('vsftpd');
    requireProgram('lftp');
  });

  it('measures ours and lftp in turn, and checks what they left', async () => {
    const told: Sample[] = [];
    const { samples, faults } = await runRow(tiny, new AbortController().signal, (sample) => told.push(sample));

    expect(faults).toEqual([]);
    expect(samples).toEqual(told);
    const turn = ['ours', 'lftp p2 sync', 'lftp p2 async'];
    expect(samples.map(({ contestant }) => contestant)).toEqual([...turn, ...turn]);
    expect(samples.filter(({ wallSeconds, cpuSeconds }) => !(wallSeconds > 0 && cpuSeconds > 0))).toEqual([]);
    expect(samples[0]?.parentMiB).toBeGreaterThan(20);
    expect(samples[0]?.childrenMiB.length).toBeGreaterThan(0);
  });

  it('measures a mirror that runs, all files of which were touched', async () => {
    const row: Row = { ...tiny, deed: 'touched', rounds: 1 };
    const { samples, faults } = await runRow(row, new AbortController().signal, () => undefined);

    expect(faults).toEqual([]);
    expect(samples.map(({ party }) => party)).toEqual(['ours', 'lftp', 'lftp']);
  });

  describe('in networks of its own', () => {
    beforeEach(() => {
      const missing = missingForLab() ?? missingForDelay();
      // Not every container may make networks: what is left out is told, also with CI=true.
      if (missing !== undefined) pending(missing);
    });

    it('sends over a line that delays', async () => {
      const [result] = await inNetworks({ ...tiny, roundTripMs: 50, rounds: 1, parties: ['lftp'] });

      expect(result?.faults).toEqual([]);
      const [quickest = 0] = result?.samples.map(({ wallSeconds }) => wallSeconds).sort() ?? [];
      // The way to be logged in alone: connection, greeting, name, password.
      expect(quickest).toBeGreaterThan(0.15);
    });

    it('finds that a mirror with nothing to do opens no connection', async () => {
      const [result] = await inNetworks({ ...tiny, deed: 'unchanged', rounds: 1 });

      expect(result?.faults).toEqual([]);
      expect(result?.samples.map(({ opened }) => opened)).toEqual([0]);
    });
  });
});

async function inNetworks(...rows: readonly Row[]): Promise<readonly RowResult[]> {
  const results: RowResult[] = [];
  const listener = {
    sample: () => undefined,
    result: (_row: Row, result: RowResult) => void results.push(result),
    failure: (row: Row, why: string) => fail(`${row.id}: ${why}`),
  };
  await runRows(rows, listener, new AbortController().signal);
  return results;
}
