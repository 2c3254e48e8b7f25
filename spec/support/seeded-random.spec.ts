import { seededRandom } from './seeded-random.ts';

const several = (seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: 1000 }, () => random.fraction());
};

describe('seededRandom', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    expect(several(7)).toEqual(several(7));
    expect(several(7)).not.toEqual(several(8));
  });

  it('gives fractions from 0 up to 1, spread over all of it', () => {
    const tenths = new Set(several(1).map((fraction) => Math.floor(fraction * 10)));
    expect([...tenths].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('gives whole numbers below the limit, and each of them', () => {
    const random = seededRandom(1);
    const met = new Set(Array.from({ length: 100 }, () => random.integer(3)));
    expect([...met].sort()).toEqual([0, 1, 2]);
  });

  it('says yes in as many cases as asked for', () => {
    const random = seededRandom(1);
    const yes = Array.from({ length: 1000 }, () => random.chance(0.2)).filter(Boolean).length;
    expect(yes).toBeGreaterThan(150);
    expect(yes).toBeLessThan(250);
    expect(random.chance(0)).toBeFalse();
    expect(random.chance(1)).toBeTrue();
  });

  it('picks each of the items', () => {
    const random = seededRandom(1);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c']))).size).toBe(3);
  });

  it('refuses to pick from nothing', () => {
    expect(() => seededRandom(1).pick([])).toThrowError(RangeError);
  });
});
