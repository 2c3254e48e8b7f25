import { Failures } from '../../lib/share/failures.ts';
import { ManualClock } from '../support/manual-clock.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

describe('Failures', () => {
  let clock: ManualClock;
  let failures: Failures;

  beforeEach(() => {
    clock = new ManualClock();
    failures = new Failures(() => clock.now());
  });

  /** Try every five seconds. @returns after how many seconds it was told */
  function toldWithin(ms: number, reason = 'the disk is full'): readonly number[] {
    const told: number[] = [];
    for (let passed = 0; passed < ms; passed += 5 * SECOND_MS) {
      if (failures.failed('a', reason) !== undefined) told.push(passed / SECOND_MS);
      clock.advance(5 * SECOND_MS);
    }
    return told;
  }

  it('tells at once, and the same again after one minute, two, four, and so on', () => {
    expect(toldWithin(16 * MINUTE_MS)).toEqual([0, 60, 180, 420, 900]);
  });

  it('never keeps quiet for longer than an hour', () => {
    const told = toldWithin(12 * HOUR_MS);
    const gaps = told.slice(1).map((at, index) => at - (told[index] ?? 0));
    expect(Math.max(...gaps)).toBe(HOUR_MS / SECOND_MS);
  });

  it('tells another reason, or another file, at once', () => {
    expect(failures.failed('a', 'the disk is full')).toBe(0);
    expect(failures.failed('a', 'it may not be written')).toBe(0);
    expect(failures.failed('a', 'it may not be written')).toBeUndefined();
    expect(failures.failed('b', 'it may not be written')).toBe(0);
  });

  it('takes reasons that differ in a number for the same', () => {
    expect(failures.failed('a', 'no room for 1000 bytes more')).toBe(0);
    expect(failures.failed('a', 'no room for 999 bytes more')).toBeUndefined();
  });

  it('says how long it has failed', () => {
    failures.failed('a', 'the disk is full');
    clock.advance(MINUTE_MS);
    expect(failures.failed('a', 'the disk is full')).toBe(MINUTE_MS);
  });

  it('says that it is mended, once, and after how long; what fails then is news', () => {
    failures.failed('a', 'the disk is full');
    clock.advance(35 * SECOND_MS);
    expect(failures.mended('a')).toBe(35 * SECOND_MS);
    expect(failures.mended('a')).toBeUndefined();
    expect(failures.failed('a', 'the disk is full')).toBe(0);
  });

  it('forgets what nobody tries any more', () => {
    failures.failed('a', 'the disk is full');
    clock.advance(11 * MINUTE_MS);
    failures.failed('b', 'the disk is full');
    expect(failures.failed('a', 'the disk is full')).toBe(0);
    expect(failures.mended('a')).toBe(0);
  });

  it('tells again when the clock was set back', () => {
    failures.failed('a', 'the disk is full');
    clock.advance(-5 * MINUTE_MS);
    expect(failures.failed('a', 'the disk is full')).toBe(1);
  });
});
