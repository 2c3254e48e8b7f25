import { anyDisk, PromptDisk } from '../../../lib/server/disk/disk.ts';

describe('A disk of this machine', () => {
  let now: number;
  let disk: PromptDisk;

  beforeEach(() => {
    now = 1_000;
    disk = new PromptDisk(() => now);
  });

  /** Ask it something that takes so long, in milliseconds. */
  const ask = (tookMs: number) =>
    disk.ask(
      () => {
        now += tookMs;
        return 'at once';
      },
      async () => 'by a thread',
    );

  it('is asked at once, however often, as long as it answers quickly', () => {
    for (let count = 0; count < 1_000; count += 1) expect(ask(0.01)).toBe('at once');
  });

  it('is left to threads when it has let everybody wait for long, until as much time is over', async () => {
    expect(ask(120)).toBe('at once');
    expect(await ask(120)).toBe('by a thread');
    now += 19;
    expect(await ask(120)).toBe('by a thread');
    now += 1;
    expect(ask(1)).toBe('at once');
    expect(await ask(1)).toBe('by a thread');
  });

  it('lets everybody wait half of the time at most, when each answer takes a while', () => {
    const began = now;
    let waited = 0;
    for (let count = 0; count < 1_000; count += 1) {
      const answer = ask(10);
      if (answer === 'at once') waited += 10;
      else now += 10;
    }
    expect(waited / (now - began)).toBeGreaterThan(0.4);
    expect(waited / (now - began)).toBeLessThan(0.51);
  });

  it('is counted for an answer that is an error as well', async () => {
    const failing = () =>
      disk.ask(
        () => {
          now += 120;
          throw new Error('not there');
        },
        () => Promise.resolve('by a thread'),
      );
    expect(failing).toThrowError('not there');
    expect(await failing()).toBe('by a thread');
  });
});

describe('A disk of which nothing is known', () => {
  it('is asked by threads', async () => {
    const atOnce = () => fail('at once');
    expect(await anyDisk.ask<unknown>(atOnce, async () => 'by a thread')).toBe('by a thread');
  });
});
