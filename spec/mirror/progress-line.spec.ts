import { EventEmitter } from 'node:events';
import { ProgressLine } from '../../lib/mirror/progress-line.ts';
import type { Plan, Step } from '../../lib/sync/plan.ts';
import type { JobStart, TransferEvents } from '../../lib/transfer/progress.ts';

const LOST = { code: 'E_WORKER', message: 'm', retry: true } as const;

function planOf(...sizes: readonly number[]): Plan {
  const step = { kind: 'upload', mtimeMs: 0, needs: [], vanished: false, replaced: false } as const;
  return { steps: sizes.map((size, id): Step => ({ ...step, id, path: `${id}`, size })), blocked: [] };
}

describe('ProgressLine', () => {
  let events: EventEmitter<TransferEvents>;
  let now: number;
  let line: ProgressLine;

  beforeEach(() => {
    events = new EventEmitter();
    now = 1_000_000;
    line = new ProgressLine(events, () => now);
  });

  function jobOf(job: number, more: Partial<JobStart> = {}): JobStart {
    return { job, kind: 'upload', path: `dir/${job}.txt`, worker: `${100 + job}`, attempt: 1, at: 0, ...more };
  }

  const start = (job: number, more: Partial<JobStart> = {}) => events.emit('start', jobOf(job, more));
  const end = (job: number, bytes: number) => events.emit('end', { ...jobOf(job), bytes, tookMs: 1 });
  const fail = (job: number) => events.emit('end', { ...jobOf(job), bytes: 0, tookMs: 1, error: LOST });

  it('is nothing before a cycle, between its jobs and after it', () => {
    expect(line.text()).toBe('');
    line.begin(planOf(1));
    expect(line.text()).toBe('');
    start(1);
    expect(line.text()).not.toBe('');
    end(1, 1);
    expect(line.text()).toBe('');
  });

  it('tells steps, bytes, rate, time left, and what each worker is at', () => {
    line.begin(planOf(2048, 2048, 4096, 0));
    start(1);
    start(2);
    end(1, 2048);
    events.emit('progress', { job: 2, bytes: 1024 });
    start(3);
    now += 2000;
    expect(line.text()).toBe('1/4  3.0 KiB of 8.0 KiB  1.5 KiB/s  0:06 left  [102] 2.txt  [103] 3.txt');
  });

  it('counts what was on the site already of a file that was gone on with', () => {
    line.begin(planOf(4096, 4096));
    start(1);
    events.emit('end', { ...jobOf(1), bytes: 1024, resumedAt: 3072, tookMs: 1 });
    start(2);
    expect(line.text()).toContain('4.0 KiB of 8.0 KiB');
  });

  it('counts only what goes over the line for the rate and the time left', () => {
    line.begin(planOf(8192, 2048));
    start(1);
    events.emit('progress', { job: 1, bytes: 7168, resumedAt: 6144 });
    start(2);
    end(2, 1024);
    now += 1000;
    // 2 KiB of the 4 KiB that are to go have gone, and one of two steps is done.
    expect(line.text()).toMatch(/^1\/2 {2}8\.0 KiB of 10\.0 KiB {2}2\.0 KiB\/s {2}0:01 left /);
  });

  it('goes by the bytes where they are slower than the steps', () => {
    line.begin(planOf(1000, 0, 0, 0));
    for (const job of [1, 2]) {
      start(job);
      end(job, 0);
    }
    start(3);
    events.emit('progress', { job: 3, bytes: 100 });
    now += 10_000;
    expect(line.text()).toMatch(/^2\/4 {2}100 B of 1000 B {2}10 B\/s {2}1:30 left /);
  });

  it('goes by the steps where there are no bytes to send', () => {
    line.begin(planOf(0, 0, 0, 0));
    start(1);
    end(1, 0);
    start(2);
    now += 1000;
    expect(line.text()).toMatch(/^1\/4 {2}0 B of 0 B {2}0 B\/s {2}0:03 left /);
  });

  it('does not guess the time left before anything is done, nor divides by no time', () => {
    line.begin(planOf(1000));
    start(1);
    expect(line.text()).toBe('0/1  0 B of 1000 B  0 B/s  ? left  [101] 1.txt');
  });

  it('counts the bytes of a failed upload no more', () => {
    line.begin(planOf(1000, 1000));
    start(1);
    start(2);
    events.emit('progress', { job: 1, bytes: 500 });
    fail(1);
    now += 1000;
    expect(line.text()).toMatch(/^1\/2 {2}0 B of 2.0 KiB /);
  });

  it('counts a step once, though a job that a worker died with is begun again', () => {
    line.begin(planOf(0, 0));
    start(1);
    fail(1);
    start(1, { attempt: 2 });
    expect(line.text()).toMatch(/^0\/2 /);
    start(2);
    end(1, 0);
    expect(line.text()).toMatch(/^1\/2 /);
  });

  it('begins anew with each cycle', () => {
    line.begin(planOf(10, 10));
    start(1);
    fail(1);
    now += 60_000;
    line.begin(planOf(5));
    start(2);
    events.emit('progress', { job: 2, bytes: 5 });
    now += 1000;
    expect(line.text()).toMatch(/^0\/1 {2}5 B of 5 B {2}5 B\/s /);
  });

  it('takes no notice of bytes of a job it does not know', () => {
    line.begin(planOf(10));
    start(1);
    events.emit('progress', { job: 7, bytes: 5 });
    expect(line.text()).toMatch(/^0\/1 {2}0 B of 10 B /);
  });

  it('shows no character of a name that could disturb the terminal', () => {
    line.begin(planOf(1));
    start(1, { path: 'dir/a\u001b[2Jb\nc' });
    expect(line.text()).toMatch(/\[101\] a\\u001b\[2Jb\\u000ac$/);
  });
});
