import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireServer } from '../../support/foreign-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { missingForLab } from '../lab/lab.ts';
import type { ServerName } from './benched-server.ts';
import type { ServerTask } from './measured-server.ts';
import type { ServerRow } from './rows.ts';
import { runServerRow, type ServerSample } from './run-row.ts';
import { ServerLane } from './server-lane.ts';

const tiny: ServerRow = {
  ...{ id: 'STOR/tiny/2', verb: 'STOR', clients: 2, files: 3, bytes: 1024 ** 2, login: 'once', goals: {} },
};

describe('the benchmark of servers', () => {
  const temporary = temporaryFolder();

  beforeEach(() => {
    // Not every container may make networks: what is left out is told, also with CI=true.
    const missing = missingForLab();
    if (missing !== undefined) pending(missing);
    requireServer('vsftpd');
  });

  it('lets servers store in turn, and compares what they stored', async () => {
    const { samples, faults, told } = await run(tiny, ['ours', 'vsftpd', 'least server']);

    expect(faults).toEqual([]);
    expect(samples).toEqual(told);
    const turn: readonly ServerName[] = ['ours', 'vsftpd', 'least server'];
    expect(samples.map(({ server }) => server)).toEqual([...turn, ...turn]);
    expect(samples.filter(({ seconds, clientsCpuSeconds }) => !(seconds > 0 && clientsCpuSeconds > 0))).toEqual([]);
  });

  it('lets clients log in for each file, and counts the processor time of sessions that have ended', async () => {
    const { samples, faults } = await run({ ...tiny, verb: 'RETR', login: 'each' }, ['ours', 'vsftpd']);

    expect(faults).toEqual([]);
    expect(samples.map(({ server }) => server)).toEqual(['ours', 'vsftpd', 'ours', 'vsftpd']);
    expect(samples.filter(({ serverCpuSeconds }) => !(serverCpuSeconds > 0))).toEqual([]);
  });

  it('finds that other bytes came than were there, and tells why a server cannot be started', async () => {
    const folder = temporary();
    const source = join(folder, 'source');
    writeFileSync(source, Buffer.alloc(tiny.bytes));
    const task: ServerTask = {
      ...{ row: { ...tiny, verb: 'RETR', clients: 1 }, server: 'least server', folder: join(folder, 'place'), source },
      check: 'that of another file',
    };
    const { lane, faults } = await ServerLane.open(task);
    await lane.close();

    expect(faults).toEqual(['client 0: other bytes came']);
    await expectAsync(ServerLane.open(task)).toBeRejectedWithError(/EEXIST/);
  });
});

async function run(row: ServerRow, servers: readonly ServerName[]) {
  const told: ServerSample[] = [];
  const { signal } = new AbortController();
  const result = await runServerRow(row, { servers, rounds: 2, signal, onSample: (sample) => told.push(sample) });
  return { ...result, told };
}
