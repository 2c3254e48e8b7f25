import { getEventListeners } from 'node:events';
import { type Job, JobList } from '../../lib/client/job-list.ts';

/** Work that ends when it is told to, or is broken off. */
function work() {
  let finish: (status: number) => void = () => undefined;
  const done = new Promise<number>((resolve) => {
    finish = resolve;
  });
  let begun = false;
  const run = (signal: AbortSignal) => {
    begun = true;
    signal.addEventListener('abort', () => finish(130));
    return done;
  };
  return { run, progress: () => undefined, finish: (status: number) => finish(status), hasBegun: () => begun };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('JobList', () => {
  it('does what is begun side by side at once, and what is queued one by one', async () => {
    const list = new JobList(() => undefined);
    const [one, two, three, four] = [work(), work(), work(), work()];
    list.begin('one', 'beside', one);
    list.begin('two', 'beside', two);
    list.begin('three', 'behind', three);
    list.begin('four', 'behind', four);
    await turns();
    expect([one, two, three, four].map(({ hasBegun }) => hasBegun())).toEqual([true, true, true, false]);
    three.finish(0);
    await turns();
    expect(four.hasBegun()).toBeTrue();
    expect(list.all.map(({ state }) => state)).toEqual(['running', 'running', 'done', 'running']);
  });

  it('tells of each that has ended, and waits for one or for all', async () => {
    const ended: Job[] = [];
    const list = new JobList((job) => ended.push(job));
    const [one, two] = [work(), work()];
    const { number } = list.begin('one', 'beside', one);
    list.begin('two', 'beside', two);
    one.finish(0);
    expect(await list.wait(number)).toBe(0);
    expect(ended.map(({ source, state }) => [source, state])).toEqual([['one', 'done']]);
    two.finish(4);
    expect(await list.wait(undefined)).toBe(4);
    expect(list.open).toEqual([]);
    expect(list.all[1]).toEqual({ number: 2, source: 'two', state: 'failed', status: 4 });
  });

  it('leaves nothing behind at the signal that it waits with, which may be that of a long script', async () => {
    const list = new JobList(() => undefined);
    const one = work();
    list.begin('one', 'beside', one);
    const { signal } = new AbortController();
    const waiting = list.wait(undefined, signal);
    expect(getEventListeners(signal, 'abort')).toHaveSize(1);
    one.finish(0);
    await waiting;
    await list.wait(undefined, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('waits no longer than it is told to, and the job goes on', async () => {
    const list = new JobList(() => undefined);
    list.begin('one', 'beside', work());
    const stop = new AbortController();
    const waiting = list.wait(undefined, stop.signal);
    stop.abort();
    await waiting;
    expect(list.open).toHaveSize(1);
  });

  it('ends a job, and one that waits is not begun', async () => {
    const list = new JobList(() => undefined);
    const [one, two] = [work(), work()];
    list.begin('one', 'behind', one);
    list.begin('two', 'behind', two);
    await turns();
    list.killAll();
    await list.wait(undefined);
    expect(list.all.map(({ state }) => state)).toEqual(['killed', 'killed']);
    expect(two.hasBegun()).toBeFalse();
  });

  it('tells how far the transfer is that a job is at', () => {
    const list = new JobList(() => undefined);
    const progress = { name: 'a', size: 10, from: 0, moved: 4, tookMs: 1000 };
    list.begin('one', 'beside', { ...work(), progress: () => progress });
    list.begin('two', 'beside', work());
    expect(list.all.map((job) => job.progress)).toEqual([progress, undefined]);
  });

  it('knows no job of another number', () => {
    const list = new JobList(() => undefined);
    expect(() => list.kill(3)).toThrowError(/no job 3/);
  });
});
