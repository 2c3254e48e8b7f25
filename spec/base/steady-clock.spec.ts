import { SteadyClock } from '../../lib/base/steady-clock.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('SteadyClock', () => {
  it('goes with the other clock, and on from where it was when that is set back', () => {
    const clock = new ManualClock(1000);
    const steady = new SteadyClock(clock);
    const told = [500, -300, 100, -900, 0, 2000].map((ms) => {
      clock.advance(ms);
      return steady.now();
    });
    expect(told).toEqual([1500, 1500, 1600, 1600, 1600, 3600]);
  });

  it('waits as the other clock does', async () => {
    const clock = new ManualClock();
    const waiting = new SteadyClock(clock).wait(5);
    expect(clock.waits).toEqual([5]);
    clock.advance(5);
    await expectAsync(waiting).toBeResolved();
  });
});
