import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ProcessPool } from '../../lib/pool/process-pool.ts';
import { isPoolError, itIsAJobPool, refusalOf } from '../contracts/job-pool.ts';
import { gate } from '../support/gate.ts';
import { childrenOf } from '../support/processes.ts';
import { programs } from '../support/run-program.ts';
import type { TrialJobs, TrialNews } from '../support/workers/trial-jobs.ts';

const ENTRY = new URL('../support/workers/trial-worker.js', import.meta.url);
const PARENT = fileURLToPath(new URL('../support/workers/trial-parent.js', import.meta.url));

type Kind = 'process' | 'thread';

function noNews(): void {
  // Of no interest.
}

function openPool(kind: Kind, size: number, environment = {}, children = size): ProcessPool<TrialJobs, TrialNews> {
  return new ProcessPool({ entry: ENTRY, kind, size, children, environment });
}

/** @returns the process id of the only child that it has, and which is about to start */
async function prepared(pool: ProcessPool<TrialJobs, TrialNews>): Promise<number> {
  const before = new Set(childrenOf(process.pid));
  pool.prepare(0);
  await nextTurn();
  const [started = 0, ...more] = childrenOf(process.pid).filter((pid) => !before.has(pid));
  expect(started).not.toBe(0);
  expect(more).toEqual([]);
  return started;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

for (const kind of ['process', 'thread'] as const) {
  describe(`ProcessPool of ${kind === 'process' ? 'child processes' : 'threads'}`, () => {
    itIsAJobPool((size) => openPool(kind, size));

    describe('with all workers in one', () => {
      itIsAJobPool((size) => openPool(kind, size, {}, 1));
    });

    let pool: ProcessPool<TrialJobs, TrialNews>;

    beforeEach(() => {
      pool = openPool(kind, 1, { GIVEN: 'value' });
    });

    afterEach(async () => {
      delete process.env['SPEC_SECRET'];
      await pool.close();
    });

    if (kind === 'process') {
      it('starts a child before it has a job, when it is told that it will have one, and does the job in it', async () => {
        const started = await prepared(pool);
        expect((await pool.run(0, 'who', null, noNews)).pid).toBe(started);
      });

      it('does a job that came before its child was ready, when that is killed', async () => {
        const started = await prepared(pool);
        const answer = pool.run(0, 'who', null, noNews);
        await nextTurn();
        process.kill(started, 'SIGKILL');
        expect((await answer).pid).not.toBe(started);
      });

      it('closes when its child is killed before it is ready', async () => {
        const started = await prepared(pool);
        const closing = pool.close();
        await nextTurn();
        process.kill(started, 'SIGKILL');
        await expectAsync(closing).toBeResolved();
      });
    }

    it('gives its workers the environment it is told, and nothing else', async () => {
      process.env['SPEC_SECRET'] = 'of the parent';
      const { NODE_V8_COVERAGE: _, ...environment } = await pool.run(0, 'environment', null, noNews);
      expect(environment).toEqual({ GIVEN: 'value' });
    });

    it('says that a worker ended under its job, that trying again may help, and starts another', async () => {
      const first = await pool.run(0, 'who', null, noNews);
      const refusal = await refusalOf(pool.run(0, 'exit', 3, noNews));
      expect(isPoolError(refusal, 'E_WORKER', true))
        .withContext(String(refusal))
        .toBeTrue();
      expect(String(refusal)).toBe('PoolError: The worker ended while it did exit');
      expect(await pool.run(0, 'who', null, noNews)).not.toEqual(first);
    });

    it('goes on with what waits when a worker ends', async () => {
      const ended = refusalOf(pool.run(0, 'exit', 0, noNews));
      const waiting = pool.run(0, 'echo', 'waited', noNews);
      expect(isPoolError(await ended, 'E_WORKER', true)).toBeTrue();
      expect(await waiting).toBe('waited');
    });

    it('closes after its worker has ended', async () => {
      await refusalOf(pool.run(0, 'exit', 1, noNews));
      await expectAsync(pool.close()).toBeResolved();
    });

    it('says that a job failed when its result cannot cross the border', async () => {
      const { pid } = await pool.run(0, 'who', null, noNews);
      const result = await pool.run(0, 'strange', null, noNews).catch((error: unknown) => error);
      // JSON leaves a function out without a word; the copy for a thread refuses it.
      if (kind === 'process') expect(result).toBeUndefined();
      else expect(isPoolError(result, 'E_JOB', false)).toBeTrue();
      expect((await pool.run(0, 'who', null, noNews)).pid).toBe(pid);
    });

    it('ends a worker whose service does not come to an end', async () => {
      const { pid } = await pool.run(0, 'who', null, noNews);
      await pool.run(0, 'atClose', { hang: true }, noNews);
      await pool.close();
      expect(isRunning(pid)).toBe(kind === 'thread');
    });

    it('says that the worker ended when it never began to serve', async () => {
      const entry = new URL('../support/workers/ending-worker.js', import.meta.url);
      const broken = new ProcessPool<TrialJobs, TrialNews>({ entry, kind, size: 1, environment: {} });
      const refusal = await refusalOf(broken.run(0, 'echo', 1, noNews));
      expect(isPoolError(refusal, 'E_WORKER', true))
        .withContext(String(refusal))
        .toBeTrue();
      await broken.close();
    });
  });
}

describe('ProcessPool of child processes, seen from the system,', () => {
  const held = gate();
  const run = programs();
  let pool: ProcessPool<TrialJobs, TrialNews>;

  beforeEach(() => {
    pool = openPool('process', 2);
  });

  afterEach(() => pool.close());

  async function pidOf(worker: number): Promise<number> {
    return (await pool.run(worker, 'who', null, noNews)).pid;
  }

  it('starts a child only when there is a job for it, and calls it by its process id', async () => {
    const { pid, worker } = await pool.run(0, 'who', null, noNews);
    expect(worker).toBe(String(pid));
    expect(pid).not.toBe(process.pid);
    const holding = pool.run(0, 'hold', held.port(), noNews);
    const socket = await held.next();
    expect(await pidOf(1)).not.toBe(pid);
    held.release(socket);
    await holding;
  });

  it('leaves no child behind when it is closed', async () => {
    const holding = pool.run(0, 'hold', held.port(), noNews);
    const socket = await held.next();
    const pids = [await pidOf(1)];
    held.release(socket);
    await holding;
    pids.push(await pidOf(0));
    await pool.close();
    expect(pids.map(isRunning)).toEqual([false, false]);
  });

  it('says that a child was killed under its job', async () => {
    const pid = await pidOf(0);
    const refused = refusalOf(pool.run(0, 'hold', held.port(), noNews));
    await held.next();
    process.kill(pid, 'SIGKILL');
    expect(isPoolError(await refused, 'E_WORKER', true)).toBeTrue();
    expect(await pidOf(0)).not.toBe(pid);
  });

  it('starts another child when one was killed while it had nothing to do', async () => {
    const pid = await pidOf(0);
    process.kill(pid, 'SIGKILL');
    expect(await pidOf(0)).not.toBe(pid);
  });

  it('closes when a child was killed while it had nothing to do', async () => {
    process.kill(await pidOf(0), 'SIGKILL');
    await expectAsync(pool.close()).toBeResolved();
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`has children that leave it to their parent what ${signal} means`, async () => {
      const pid = await pidOf(0);
      const holding = pool.run(0, 'hold', held.port(), noNews);
      const socket = await held.next();
      process.kill(pid, signal);
      held.release(socket);
      expect(await holding).toBe('released');
      expect(await pidOf(0)).toBe(pid);
    });
  }

  it('says that a child ran out of memory under its job, and starts another', async () => {
    const small = openPool('process', 1, { NODE_OPTIONS: '--max-old-space-size=20' });
    try {
      const refusal = await refusalOf(small.run(0, 'eat', null, noNews));
      expect(isPoolError(refusal, 'E_WORKER', true))
        .withContext(String(refusal))
        .toBeTrue();
      expect(await small.run(0, 'echo', 'alive', noNews)).toBe('alive');
    } finally {
      await small.close();
    }
  }, 60_000);

  for (const [what, hasJob] of [
    ['under its job', true],
    ['while it had nothing to do', false],
  ] as const) {
    it(`ends a child that is stopped ${what}, and starts another`, async () => {
      const impatient = new ProcessPool<TrialJobs, TrialNews>({
        ...{ entry: ENTRY, kind: 'process', size: 1, environment: {} },
        silenceMs: 1500,
      });
      try {
        const { pid } = await impatient.run(0, 'who', null, noNews);
        const refused = hasJob ? refusalOf(impatient.run(0, 'hold', held.port(), noNews)) : 'nothing';
        if (hasJob) await held.next();
        process.kill(pid, 'SIGSTOP');
        if (hasJob) expect(String(await refused)).toContain('The worker told nothing for 1.5 s and was ended');
        expect((await impatient.run(0, 'who', null, noNews)).pid).not.toBe(pid);
        expect(isRunning(pid)).toBeFalse();
      } finally {
        await impatient.close();
      }
    }, 30_000);
  }

  it('closes when a child is stopped', async () => {
    const pid = await pidOf(0);
    process.kill(pid, 'SIGSTOP');
    await pool.close();
    expect(isRunning(pid)).toBeFalse();
  }, 30_000);

  it('does not take a child for silent that is at work and has no news', async () => {
    const impatient = new ProcessPool<TrialJobs, TrialNews>({
      ...{ entry: ENTRY, kind: 'process', size: 2, environment: {} },
      silenceMs: 1500,
    });
    try {
      const holding = impatient.run(0, 'hold', held.port(), noNews);
      const socket = await held.next();
      // One that is stopped later is taken for silent while the other is still at work.
      const { pid } = await impatient.run(1, 'who', null, noNews);
      const refused = refusalOf(impatient.run(1, 'hold', held.port(), noNews));
      await held.next();
      process.kill(pid, 'SIGSTOP');
      expect(String(await refused)).toContain('The worker told nothing for 1.5 s and was ended');
      held.release(socket);
      expect(await holding).toBe('released');
    } finally {
      await impatient.close();
    }
  }, 30_000);

  it('says which fault of the system keeps a child from being started', async () => {
    const { execPath } = process;
    process.execPath = '/nowhere/node';
    try {
      const refusal = await refusalOf(pool.run(0, 'echo', 1, noNews));
      expect(isPoolError(refusal, 'E_WORKER', true)).toBeTrue();
      expect(String(refusal)).toBe('PoolError: No worker can be started for echo: ENOENT');
    } finally {
      process.execPath = execPath;
    }
    expect(await pool.run(0, 'echo', 1, noNews)).toBe(1);
  });

  it('has children that end when their parent is killed', async () => {
    const parent = run(PARENT, { args: [String(held.port())] });
    const sockets = [await held.next(), await held.next()];
    const ends = sockets.map((socket) => once(socket, 'close'));
    await parent.stop();
    await expectAsync(Promise.all(ends)).toBeResolved();
  });

  it('lets its program end when it is closed', async () => {
    const parent = run(PARENT, { args: [String(held.port())] });
    for (const socket of [await held.next(), await held.next()]) held.release(socket);
    expect(await parent.ended).toEqual({ status: 0, signal: null, stdout: 'started\nreleased released\n', stderr: '' });
  });
});
