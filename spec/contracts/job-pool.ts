import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobPool } from '../../lib/pool/jobs.ts';
import { PoolError, type PoolErrorCode } from '../../lib/pool/pool-error.ts';
import { gate } from '../support/gate.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { failures, type TrialJobs, type TrialNews, type TrialWord } from '../support/workers/trial-jobs.ts';

/** A pool of workers that do {@link TrialJobs}. */
export type TrialPool = JobPool<TrialJobs, TrialNews, TrialWord>;

/** Did it fail as a pool says it fails? For `toThrowMatching` and {@link refusalOf}. */
export function isPoolError(error: unknown, code: PoolErrorCode, retry: boolean): boolean {
  return error instanceof PoolError && error.code === code && error.retry === retry;
}

/** What a promise is refused with; a text when it is not. */
export function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => `not refused: ${JSON.stringify(value)}`,
    (error: unknown) => error,
  );
}

/** What every {@link JobPool} promises, whoever does the work. */
export function itIsAJobPool(open: (size: number) => TrialPool): void {
  const folder = temporaryFolder();
  const held = gate();
  let pools: TrialPool[];

  beforeEach(() => {
    pools = [];
  });

  afterEach(() => Promise.all(pools.map((pool) => pool.close())));

  function openPool(size: number): TrialPool {
    const pool = open(size);
    pools.push(pool);
    return pool;
  }

  function noNews(): void {
    // Of no interest.
  }

  it('gives back the result of a job', async () => {
    const value = { text: 'é🙂', list: [1, 2.5, null, true, { a: {} }] };
    expect(await openPool(1).run(0, 'echo', value, noNews)).toEqual(value);
  });

  it('tells the news of a job in their order, all of them before its result', async () => {
    const news = Array.from({ length: 100 }, (_, index) => `news ${index}`);
    const told: string[] = [];
    expect(await openPool(1).run(0, 'tell', news, (one) => told.push(one))).toBe(100);
    expect(told).toEqual(news);
  });

  it('tells the news of each job to whoever gave it', async () => {
    const pool = openPool(2);
    const told = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name, index) => {
        const news: string[] = [];
        await pool.run(index % 2, 'tell', [name, name], (one) => news.push(one));
        return news.join('');
      }),
    );
    expect(told).toEqual(['aa', 'bb', 'cc', 'dd']);
  });

  it('takes no news of a job that has ended, and does not take them for news of the next', async () => {
    const pool = openPool(1);
    const told: string[] = [];
    await pool.run(0, 'tellTooLate', 'late', (one) => told.push(one));
    const release = held.next().then(held.release);
    await pool.run(0, 'hold', held.port(), (one) => told.push(one));
    await release;
    await pool.run(0, 'echo', null, (one) => told.push(one));
    expect(told).toEqual([]);
  });

  it('says how many workers it has, and gives each one job at a time', async () => {
    const pool = openPool(2);
    expect(pool.size).toBe(2);
    const jobs = [0, 1, 0, 1, 1].map((worker) => pool.run(worker, 'hold', held.port(), noNews));
    const first = await held.next();
    const second = await held.next();
    held.release(first);
    held.release(second);
    for (let job = 2; job < 5; job += 1) held.release(await held.next());
    expect(await Promise.all(jobs)).toEqual(Array(5).fill('released'));
    expect(held.most()).toBe(2);
  });

  it('begins waiting jobs in the order in which they came', async () => {
    const pool = openPool(1);
    const order: number[] = [];
    const jobs = [0, 1, 2, 3, 4].map((number) =>
      pool.run(0, 'tell', [String(number)], (one) => order.push(Number(one))),
    );
    await Promise.all(jobs);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives all jobs of one number to the same worker, and those of another to another', async () => {
    const pool = openPool(2);
    const workers = await Promise.all(
      [0, 1, 0, 1].map(async (number) => (await pool.run(number, 'who', null, noNews)).worker),
    );
    expect([workers[2], workers[3]]).toEqual([workers[0], workers[1]]);
    expect(workers[0]).not.toEqual(workers[1]);
  });

  it('has no other workers than those', () => {
    expect(() => openPool(2).run(2, 'who', null, noNews)).toThrowError(RangeError);
  });

  it('says to the job of a worker what it shall hear, in order, and to no other', async () => {
    const pool = openPool(2);
    const heard: string[][] = [[], []];
    const jobs = [0, 1].map((worker) =>
      pool.run(worker, 'repeat', 'last', (word) => {
        heard[worker]?.push(word);
        if (word !== 'I hear') return;
        for (const next of [`one for ${worker}`, 'two', 'last']) pool.say(worker, next);
      }),
    );
    expect(await Promise.all(jobs)).toEqual([3, 3]);
    expect(heard).toEqual([0, 1].map((worker) => ['I hear', `one for ${worker}`, 'two', 'last']));
  });

  it('says nothing to the next job of what was meant for one that has ended', async () => {
    const pool = openPool(1);
    pool.say(0, 'for nobody');
    const first = pool.run(0, 'repeat', 'last', (word) => {
      if (word === 'I hear') for (const next of ['last', 'too late']) pool.say(0, next);
    });
    const second = pool.run(0, 'repeat', 'end', (word) => {
      if (word === 'I hear') pool.say(0, 'end');
    });
    expect(await first).toBe(1);
    expect(await second).toBe(1);
    pool.say(0, 'for nobody');
    expect(await pool.run(0, 'echo', 1, noNews)).toBe(1);
  });

  it('breaks off what a worker does, and goes on with what waits for it, and with the others', async () => {
    const pool = openPool(2);
    const broken = Promise.allSettled([pool.run(0, 'hold', held.port(), noNews)]);
    const other = pool.run(1, 'hold', held.port(), noNews);
    const sockets = [await held.next(), await held.next()];
    const waiting = pool.run(0, 'echo', 'waited', noNews);
    pool.abandon(0);
    await broken;
    expect(await waiting).toBe('waited');
    for (const socket of sockets) held.release(socket);
    expect(await other).toBe('released');
  });

  it('has nothing to break off in a worker that does nothing', async () => {
    const pool = openPool(1);
    pool.abandon(0);
    expect(await pool.run(0, 'echo', 1, noNews)).toBe(1);
    pool.abandon(0);
    expect(await pool.run(0, 'echo', 2, noNews)).toBe(2);
  });

  for (const how of failures) {
    it(`says that a job failed, and goes on, when its handler throws: ${how}`, async () => {
      const pool = openPool(1);
      const before = await pool.run(0, 'who', null, noNews);
      const refusal = await refusalOf(pool.run(0, 'fail', how, noNews));
      expect(isPoolError(refusal, 'E_JOB', false))
        .withContext(String(refusal))
        .toBeTrue();
      expect(await pool.run(0, 'who', null, noNews)).toEqual(before);
    });
  }

  it('says with which code a job failed, and keeps its message as the cause', async () => {
    const refusal = (await refusalOf(openPool(1).run(0, 'fail', 'code', noNews))) as Error;
    expect(refusal.message).toBe('fail failed: E_SPEC');
    expect(refusal.cause).toEqual(jasmine.objectContaining({ message: 'with a code', code: 'E_SPEC' }));
  });

  it('refuses to have no workers', () => {
    expect(() => openPool(0)).toThrowError(RangeError);
  });

  describe('when it is closed', () => {
    it('takes no job any more', async () => {
      const pool = openPool(1);
      await pool.close();
      expect(isPoolError(await refusalOf(pool.run(0, 'echo', 1, noNews)), 'E_CLOSED', false)).toBeTrue();
    });

    it('waits for what is running, and refuses what has not begun', async () => {
      const pool = openPool(1);
      const running = pool.run(0, 'hold', held.port(), noNews);
      const waiting = refusalOf(pool.run(0, 'echo', 1, noNews));
      const socket = await held.next();
      const closed = pool.close();
      expect(isPoolError(await waiting, 'E_CLOSED', false)).toBeTrue();
      await expectAsync(closed).toBePending();
      held.release(socket);
      expect(await running).toBe('released');
      await closed;
    });

    it('waits for a job that fails', async () => {
      const pool = openPool(1);
      const failing = refusalOf(pool.run(0, 'fail', 'error', noNews));
      await pool.close();
      expect(isPoolError(await failing, 'E_JOB', false)).toBeTrue();
    });

    it('closes the service of each worker, once, after its jobs', async () => {
      const pool = openPool(2);
      const file = join(folder(), 'closed');
      const jobs = [0, 1].map((worker) => pool.run(worker, 'hold', held.port(), noNews));
      for (const socket of [await held.next(), await held.next()]) held.release(socket);
      await Promise.all(jobs);
      const plans = await Promise.all([0, 1].map((worker) => pool.run(worker, 'atClose', { file }, noNews)));
      expect(plans).toEqual([null, null]);
      await Promise.all([pool.close(), pool.close()]);
      await pool.close();
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
      expect(new Set(lines).size).toBe(lines.length);
      expect(lines.length).toBe(2);
    });

    it('has nothing to do when no job ever came', async () => {
      await expectAsync(openPool(2).close()).toBeResolved();
    });
  });
}
