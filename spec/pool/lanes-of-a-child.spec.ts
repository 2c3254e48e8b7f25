import { ProcessPool } from '../../lib/pool/process-pool.ts';
import { isPoolError, refusalOf } from '../contracts/job-pool.ts';
import { gate } from '../support/gate.ts';
import type { TrialJobs, TrialNews } from '../support/workers/trial-jobs.ts';

const ENTRY = new URL('../support/workers/trial-worker.js', import.meta.url);

function noNews(): void {
  // Of no interest.
}

describe('ProcessPool with several workers in a child', () => {
  const held = gate();
  let pool: ProcessPool<TrialJobs, TrialNews>;

  function open(size: number, children: number, kind: 'process' | 'thread' = 'process', silenceMs = 60_000): void {
    pool = new ProcessPool({ entry: ENTRY, kind, size, children, environment: {}, silenceMs });
  }

  afterEach(() => pool.close());

  async function who(worker: number): Promise<{ readonly pid: number; readonly worker: string }> {
    return await pool.run(worker, 'who', null, noNews);
  }

  it('fills one child after the other, as evenly as it can, and tells workers of one child apart', async () => {
    open(5, 2);
    const all = await Promise.all([0, 1, 2, 3, 4].map(who));
    const [first, second] = [...new Set(all.map(({ pid }) => pid))];
    expect(all.map(({ worker }) => worker)).toEqual([
      `${first}/1`,
      `${first}/2`,
      `${second}/1`,
      `${second}/2`,
      `${second}/3`,
    ]);
  });

  it('tells workers of one thread apart', async () => {
    open(2, 1, 'thread');
    expect([(await who(0)).worker, (await who(1)).worker]).toEqual([
      jasmine.stringMatching(/^thread \d+\/1$/),
      jasmine.stringMatching(/^thread \d+\/2$/),
    ]);
  });

  it('has no more children than workers, and calls a child that has one by its process id', async () => {
    open(2, 4);
    const all = await Promise.all([0, 1].map(who));
    expect(all.map(({ worker }) => worker)).toEqual(all.map(({ pid }) => `${pid}`));
  });

  it('refuses to have no children', () => {
    expect(() => open(2, 0)).toThrowError(RangeError);
    open(1, 1);
  });

  it('begins a job in a worker whose neighbours are at work, and tells its end while they are', async () => {
    open(3, 1);
    const holding = [0, 1].map((worker) => pool.run(worker, 'hold', held.port(), noNews));
    const sockets = [await held.next(), await held.next()];
    expect(await pool.run(2, 'echo', 'between', noNews)).toBe('between');
    for (const socket of sockets) held.release(socket);
    expect(await Promise.all(holding)).toEqual(['released', 'released']);
  });

  it('says of every job in a child that it ended when it did', async () => {
    open(3, 1);
    const held0 = refusalOf(pool.run(0, 'hold', held.port(), noNews));
    await held.next();
    const refusals = await Promise.all([held0, refusalOf(pool.run(1, 'exit', 1, noNews))]);
    expect(refusals.map(String)).toEqual([
      'PoolError: The worker ended while it did hold',
      'PoolError: The worker ended while it did exit',
    ]);
    expect(await pool.run(2, 'echo', 'another', noNews)).toBe('another');
  });

  it('breaks off one of them and lets the others of the child go on, which stays', async () => {
    open(2, 1);
    const { pid } = await who(0);
    const broken = Promise.allSettled([pool.run(0, 'hold', held.port(), noNews)]);
    const other = pool.run(1, 'hold', held.port(), noNews);
    const sockets = [await held.next(), await held.next()];
    pool.abandon(0);
    await broken;
    expect((await who(0)).pid).toBe(pid);
    await expectAsync(other).toBePending();
    for (const socket of sockets) held.release(socket);
    expect(await other).toBe('released');
  });

  it('breaks off a job that has not begun, and never begins it', async () => {
    open(2, 1);
    const broken = refusalOf(pool.run(0, 'exit', 0, noNews));
    pool.abandon(0);
    expect(isPoolError(await broken, 'E_WORKER', true)).toBeTrue();
    expect(await pool.run(1, 'echo', 1, noNews)).toBe(1);
  });

  for (const [what, abandoned] of [
    ['at once when all that are at work in it are to be broken off', [0, 1]],
    ['when it does not break off what it shall', [0]],
  ] as const) {
    it(`ends a child that hears nothing ${what}`, async () => {
      open(3, 1);
      const { pid } = await who(2);
      const refusals = [0, 1].map((worker) => refusalOf(pool.run(worker, 'hold', held.port(), noNews)));
      await held.next();
      await held.next();
      process.kill(pid, 'SIGSTOP');
      for (const worker of abandoned) pool.abandon(worker);
      for (const refusal of await Promise.all(refusals)) expect(isPoolError(refusal, 'E_WORKER', true)).toBeTrue();
      expect((await who(2)).pid).not.toBe(pid);
    });
  }

  it('fails the job whose result cannot cross the border, and no other', async () => {
    open(2, 1, 'thread');
    const holding = pool.run(0, 'hold', held.port(), noNews);
    const socket = await held.next();
    const refusal = await refusalOf(pool.run(1, 'strange', null, noNews));
    expect(isPoolError(refusal, 'E_JOB', false)).toBeTrue();
    held.release(socket);
    expect(await holding).toBe('released');
  });

  it('ends a child of which nothing is heard, and says so of every job in it', async () => {
    open(2, 1, 'process', 1500);
    const { pid } = await who(0);
    const refusals = [0, 1].map((worker) => refusalOf(pool.run(worker, 'hold', held.port(), noNews)));
    await held.next();
    await held.next();
    process.kill(pid, 'SIGSTOP');
    for (const refusal of await Promise.all(refusals)) expect(String(refusal)).toContain('told nothing for 1.5 s');
  }, 30_000);
});
