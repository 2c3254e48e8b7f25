import fc from 'fast-check';
import {
  joinOf,
  MOST_COUNTERS,
  NO_VERSION,
  nextVersion,
  relationOf,
  type Version,
} from '../../../lib/share/model/version.ts';

const versions: fc.Arbitrary<Version> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 4 }))
  .map((counts) =>
    Object.entries(counts)
      .map(([replica, count]) => ({ replica, count }))
      .sort((x, y) => (x.replica < y.replica ? -1 : 1)),
  );

const OPPOSITE = { equal: 'equal', after: 'before', before: 'after', concurrent: 'concurrent' } as const;

describe('A version', () => {
  it('stands to another as that one to it, seen from the other side', () => {
    expectAll(fc.property(versions, versions, (a, b) => relationOf(a, b) === OPPOSITE[relationOf(b, a)]));
  });

  it('is equal to another only when all counters are', () => {
    expectAll(
      fc.property(
        versions,
        versions,
        (a, b) => (relationOf(a, b) === 'equal') === (JSON.stringify(a) === JSON.stringify(b)),
      ),
    );
  });

  it('that comes after one which comes after a third comes after that one, too', () => {
    const isOrder = (a: Version, b: Version, c: Version) =>
      relationOf(a, b) !== 'after' || relationOf(b, c) !== 'after' || relationOf(a, c) === 'after';
    expectAll(fc.property(versions, versions, versions, isOrder));
  });

  it('joined with another has seen both, and is the least that has', () => {
    const hasSeen = (a: Version, b: Version) => ['after', 'equal'].includes(relationOf(a, b));
    const isLeast = (a: Version, b: Version, c: Version) => {
      const join = joinOf(a, b);
      if (!hasSeen(join, a) || !hasSeen(join, b)) return false;
      return !(hasSeen(c, a) && hasSeen(c, b)) || hasSeen(c, join);
    };
    expectAll(fc.property(versions, versions, versions, isLeast));
  });

  it('of a change comes after the one before it, whatever the clock says', () => {
    const isAfter = (version: Version, now: number) => relationOf(nextVersion(version, 'b', now), version) === 'after';
    expectAll(fc.property(versions, fc.integer({ min: 0, max: 9_000 }), isAfter));
  });

  describe('of more replicas than it may have counters', () => {
    const many: fc.Arbitrary<Version> = fc
      .uniqueArray(fc.integer({ min: 100, max: 180 }), { minLength: 60, maxLength: MOST_COUNTERS })
      .chain((ids) =>
        fc
          .array(fc.integer({ min: 1, max: 90 }), { minLength: ids.length, maxLength: ids.length })
          .map((counts) => ids.sort().map((id, at) => ({ replica: `${id}`, count: counts[at] ?? 1 }))),
      );

    it('keeps what was counted last, and the change itself', () => {
      const full = Array.from({ length: MOST_COUNTERS }, (_, at) => ({ replica: `${100 + at}`, count: 2 + at }));
      expect(nextVersion(full, 'me', 0)).toEqual([...full.slice(1), { replica: 'me', count: 3 }]);
      expect(joinOf(full, [{ replica: 'me', count: 1 }])).toEqual(full);
    });

    it('is the same in whatever order all of them were joined', () => {
      const isSame = (a: Version, b: Version, c: Version) => {
        const one = joinOf(joinOf(a, b), c);
        const all = [joinOf(a, joinOf(c, b)), joinOf(joinOf(one, b), a)];
        return one.length <= MOST_COUNTERS && all.every((other) => relationOf(one, other) === 'equal');
      };
      expectAll(fc.property(many, many, many, isSame));
    });
  });

  it('of a change counts with the time of day', () => {
    expect(nextVersion(NO_VERSION, 'a', 1_790_000_000_999)).toEqual([{ replica: 'a', count: 1_790_000_000 }]);
  });
});

function expectAll(property: fc.IProperty<unknown>): void {
  const details = fc.check(property as fc.IProperty<[unknown]>);
  expect(fc.defaultReportMessage(details) ?? 'holds').toBe('holds');
}
