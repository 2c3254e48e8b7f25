import { Alarm } from '../../lib/far/alarm.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('Alarm', () => {
  let clock: ManualClock;
  let woken: number[];
  let alarm: Alarm;

  beforeEach(() => {
    clock = new ManualClock(1000);
    woken = [];
    alarm = new Alarm(clock, () => woken.push(clock.now()));
  });

  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    await new Promise(setImmediate);
  }

  it('wakes once, at its time', async () => {
    alarm.set(1500, 1000);
    await pass(499);
    await pass(1);
    await pass(1000);
    expect(woken).toEqual([1500]);
  });

  it('forgets the time before when it is set anew, and all when it is off', async () => {
    alarm.set(1500, 1000);
    alarm.set(1700, 1000);
    await pass(600);
    expect(woken).toEqual([]);
    alarm.off();
    await pass(1000);
    expect(woken).toEqual([]);
  });

  it('does not begin its wait anew when it is set to the same time', () => {
    alarm.set(1500, 1000);
    alarm.set(1500, 1000);
    expect(clock.waits).toEqual([500]);
  });

  it('wakes also when the time came while the caller still looked', async () => {
    clock.advance(501);
    alarm.set(1500, 1499.5);
    await pass(1);
    expect(woken.length).toBe(1);
  });

  it('wakes nobody for what was due at the look, or never is', () => {
    alarm.set(1000, 1000);
    alarm.set(Number.POSITIVE_INFINITY, 1000);
    expect(clock.waits).toEqual([]);
  });
});
