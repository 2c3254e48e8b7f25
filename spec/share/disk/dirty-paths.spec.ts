import { DirtyPaths } from '../../../lib/share/disk/dirty-paths.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describe('DirtyPaths', () => {
  let clock: ManualClock;
  let began: number;
  let dirty: DirtyPaths;
  /** `30 a b`: after so many milliseconds these. */
  let told: string[];

  beforeEach(() => {
    clock = new ManualClock();
    began = clock.now();
    told = [];
    dirty = new DirtyPaths(clock, (paths) => told.push(`${clock.now() - began} ${paths.join(' ')}`));
  });

  /** Something happens at a path every so many milliseconds, so many times. */
  function stir(path: string, everyMs: number, times: number): void {
    for (let count = 0; count < times; count += 1) {
      dirty.add(path);
      clock.advance(everyMs);
    }
  }

  /** Let time go by as it does. */
  function pass(ms: number): void {
    for (let gone = 0; gone < ms; gone += 5) clock.advance(5);
  }

  it('lets a path through when nothing happened there for 30 ms', () => {
    stir('a', 10, 5);
    pass(100);
    expect(told).toEqual(['70 a']);
  });

  it('lets all through together that come to rest together', () => {
    dirty.add('a');
    dirty.add('b');
    pass(10);
    dirty.add('c');
    pass(100);
    expect(told).toEqual(['30 a b', '40 c']);
  });

  it('waits twice as long for each time that a path was let through and goes on, up to 2 s', () => {
    const waits: number[] = [];
    let last = 0;
    dirty = new DirtyPaths(clock, () => waits.push(clock.now() - last));
    for (let round = 0; round < 9; round += 1) {
      last = clock.now();
      dirty.add('a');
      pass(2100);
      // Soon enough for it not to count as rested.
      clock.advance(-2100 + (waits.at(-1) ?? 0) * 2);
    }
    expect(waits.map((ms) => Math.round(ms / 5) * 5)).toEqual([30, 60, 120, 240, 480, 960, 1920, 2000, 2000]);
  });

  it('takes a path that rested for a while for one like any other', () => {
    dirty.add('a');
    pass(40);
    dirty.add('a');
    pass(1000);
    dirty.add('a');
    pass(100);
    expect(told).toEqual(['30 a', '100 a', '1070 a']);
  });

  it('lets a path through every 10 s where it never rests', () => {
    stir('log', 20, 1600);
    expect(told.map((line) => line.split(' ')[0])).toEqual(['10000', '20000', '30000']);
  });

  it('waits no longer when the clock is set back', () => {
    dirty.add('a');
    clock.advance(-3_600_000);
    clock.advance(3_600_000 + 30);
    expect(told).toEqual(['30 a']);
  });

  it('lets nothing through when it is closed', () => {
    dirty.add('a');
    dirty.close();
    pass(100);
    expect(told).toEqual([]);
  });
});
