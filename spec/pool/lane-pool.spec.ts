import { LanePool } from '../../lib/pool/lane-pool.ts';
import { itIsAJobPool } from '../contracts/job-pool.ts';
import { trialService } from '../support/workers/trial-jobs.ts';

describe('LanePool', () => {
  itIsAJobPool((size) => new LanePool(trialService, size));

  it('makes a service of its own for each lane, in this process', async () => {
    const pool = new LanePool(trialService, 2);
    expect(await pool.run(0, 'who', null, () => undefined)).toEqual({ pid: process.pid, worker: 'connection 1' });
    await pool.close();
  });

  it('closes the other lanes when one cannot be closed, and says so', async () => {
    const closed: string[] = [];
    const pool = new LanePool((worker, hurry) => {
      return {
        ...trialService(worker, hurry),
        close: async () => {
          if (worker === 'connection 1') throw new Error('cannot close');
          await new Promise(setImmediate);
          closed.push(worker);
        },
      };
    }, 3);
    await expectAsync(pool.close()).toBeRejectedWithError('cannot close');
    expect(closed).toEqual(['connection 2', 'connection 3']);
  });
});
