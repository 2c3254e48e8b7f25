import { takeBatch } from '../../lib/far/take-batch.ts';
import type { TransferJob } from '../../lib/far/transfer-jobs.ts';

const MIB = 1024 * 1024;

interface Waiting {
  readonly job: TransferJob;
}

function mkdirs(count: number): Waiting[] {
  return [...Array(count).keys()].map((job) => ({ job: { job, attempt: 1, kind: 'mkdir', path: `${job}` } }));
}

function upload(size: number, attempt = 1): Waiting {
  const path = 'file';
  return { job: { job: 0, attempt, kind: 'upload', path, upload: { path, source: '/file', size, mtimeMs: 0 } } };
}

describe('takeBatch', () => {
  for (const [waiting, workers, taken] of [
    [1000, 1, 25],
    [1000, 8, 25],
    [200, 8, 13],
    [16, 8, 1],
    [3, 1, 2],
    [1, 8, 1],
    [0, 8, 0],
  ] as const) {
    it(`takes ${taken} of ${waiting} jobs for one of ${workers} workers`, () => {
      const queue = mkdirs(waiting);
      const batch = takeBatch(queue, workers, 25);
      expect(batch.map(({ job }) => job.job)).toEqual([...Array(taken).keys()]);
      expect(queue.length).toBe(waiting - taken);
      expect(queue.at(0)?.job.job).toBe(taken < waiting ? taken : undefined);
    });
  }

  it('takes no more than 16 MiB', () => {
    const queue = [upload(8 * MIB), upload(8 * MIB), upload(1), ...mkdirs(100)];
    expect(takeBatch(queue, 1, 25).length).toBe(2);
  });

  it('takes a file alone that is larger than a batch may be', () => {
    const queue = [upload(100 * MIB), ...mkdirs(100)];
    expect(takeBatch(queue, 1, 25).length).toBe(1);
    expect(takeBatch([...mkdirs(1), upload(100 * MIB), ...mkdirs(100)], 1, 25).length).toBe(1);
  });

  it('takes a job alone that a worker died with', () => {
    expect(takeBatch([upload(1, 2), ...mkdirs(100)], 1, 25).length).toBe(1);
    const queue = [...mkdirs(2), upload(1, 2), ...mkdirs(100)];
    expect(takeBatch(queue, 1, 25).length).toBe(2);
    expect(queue.at(0)?.job.attempt).toBe(2);
  });
});
