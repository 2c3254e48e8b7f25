import { systemClock } from '../../lib/base/clock.ts';

describe('systemClock', () => {
  it('tells milliseconds since 1970', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('waits until the time is over', async () => {
    await expectAsync(systemClock.wait(1)).toBeResolved();
    await expectAsync(systemClock.wait(1, new AbortController().signal)).toBeResolved();
  });

  it('waits for nothing when there is nothing to wait for', async () => {
    await expectAsync(systemClock.wait(0)).toBeResolved();
    await expectAsync(systemClock.wait(-1)).toBeResolved();
  });

  it('does not begin to wait when it is too late', async () => {
    await expectAsync(systemClock.wait(2 ** 40, AbortSignal.abort())).toBeResolved();
  });

  it('ends a wait that is not wanted any more', async () => {
    const controller = new AbortController();
    const waiting = systemClock.wait(2 ** 30, controller.signal);
    controller.abort(new Error('no matter why'));
    await expectAsync(waiting).toBeResolved();
  });

  it('waits longer than the longest timer of Node', async () => {
    const controller = new AbortController();
    const waiting = systemClock.wait(2 ** 40, controller.signal);
    // A delay that Node does not know would have become 1 ms, and been over before this one.
    await systemClock.wait(5);
    await expectAsync(waiting).toBePending();
    controller.abort();
    await waiting;
  });

  it('does later what it was given, once', async () => {
    let times = 0;
    systemClock.after(1, () => (times += 1));
    await systemClock.wait(20);
    expect(times).toBe(1);
  });

  it('does nothing that was taken back, nor what is due later than the longest timer of Node', async () => {
    let times = 0;
    systemClock.after(1, () => (times += 1))();
    const takeBack = systemClock.after(2 ** 40, () => (times += 1));
    await systemClock.wait(20);
    takeBack();
    expect(times).toBe(0);
  });
});
