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
