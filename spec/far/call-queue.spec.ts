import { brokenAt, type Call } from '../../lib/far/call.ts';
import { CallQueue } from '../../lib/far/call-queue.ts';

describe('CallQueue', () => {
  let queue: CallQueue;

  beforeEach(() => {
    queue = new CallQueue();
  });

  function call(job: number): Call {
    return {
      job: { job, attempt: 1, kind: 'mkdir', path: `${job}` },
      resolve: () => undefined,
      reject: () => undefined,
    };
  }

  function takeAll(): readonly number[] {
    return queue.takeAll().map(({ job }) => job.job);
  }

  it('gives calls that wait for their time when it has come, behind those that are ready', () => {
    queue.pushLater(call(1), 2000);
    queue.pushLater(call(2), 1000);
    queue.push(call(3));
    expect([queue.ready(999), queue.readyAt]).toEqual([1, 1000]);
    expect([queue.ready(1000), queue.readyAt]).toEqual([2, 2000]);
    expect([queue.ready(3000), queue.readyAt]).toEqual([3, Number.POSITIVE_INFINITY]);
    expect(takeAll()).toEqual([3, 2, 1]);
  });

  it('puts back what was not begun before all others', () => {
    queue.push(call(1));
    queue.push(call(2));
    const taken = queue.take(1);
    queue.push(call(3));
    queue.putBack(taken);
    expect(takeAll()).toEqual([1, 2, 3]);
  });

  it('forgets nothing that waits, and nothing waits after that', () => {
    queue.pushLater(call(1), 1000);
    queue.push(call(2));
    expect(takeAll()).toEqual([2, 1]);
    expect([queue.ready(5000), queue.readyAt]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  function upload(job: number, size: number): Call {
    const path = `${job}`;
    return {
      ...call(job),
      job: { job, attempt: 1, kind: 'upload', path, upload: { path, source: path, size, mtimeMs: 0 } },
    };
  }

  it('gives nothing large to a worker that has something to do, nor what may have ended another one', () => {
    const again = call(5);
    for (const one of [upload(1, 1000), upload(2, 10_000_000), upload(3, 1000)]) queue.push(one);
    for (let job = 10; job < 50; job += 1) queue.push(call(job));
    expect(queue.takeLight(1).map(({ job }) => job.job)).toEqual([1]);
    expect(queue.takeLight(1)).toEqual([]);
    expect(queue.take(1).map(({ job }) => job.job)).toContain(2);
    queue.takeAll();
    queue.push({ ...again, job: { ...again.job, attempt: 2 } });
    expect(queue.takeLight(1)).toEqual([]);
    expect(queue.take(1)).toHaveSize(1);
    expect(queue.takeLight(1)).toEqual([]);
  });

  it('gives workers more while they still have some to go on with, and less of it near the end', () => {
    for (let job = 1; job <= 1000; job += 1) queue.push(call(job));
    expect(queue.few(8)).toBe(9);
    while (queue.ready(0) > 100) queue.take(8);
    expect(queue.few(8)).toBe(7);
    while (queue.ready(0) > 0) queue.take(8);
    expect(queue.few(8)).toBe(4);
  });

  it('bears that very many get ready at once', () => {
    for (let job = 1; job <= 200_000; job += 1) queue.pushLater(call(job), 1000);
    expect(queue.ready(1000)).toBe(200_000);
  });
});

describe('brokenAt', () => {
  it('lets the next try know how far the last one got, and forgets those before', () => {
    const upload = { path: 'f', source: '/f', size: 1, mtimeMs: 1 };
    const call: Call = {
      job: { job: 1, attempt: 1, kind: 'upload', path: 'f', upload },
      resolve: () => undefined,
      reject: () => undefined,
    };
    const broken = { temporary: '/t', identity: 'i', at: 'rename' } as const;
    const second = brokenAt(call, broken);
    expect(second.job).toEqual(jasmine.objectContaining({ before: broken }));
    // The second one has cleaned up: the renaming of the first is none that may have been done.
    expect(brokenAt(second, undefined).job).toEqual(jasmine.objectContaining({ before: undefined }));
  });
});
