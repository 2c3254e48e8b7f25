import { codeOf } from '../../lib/base/coded-error.ts';
import { type BothEnds, judge, type Verdict, type Wish } from '../../lib/client/resume-guard.ts';

const none: Wish = { force: false, trusts: false };
const force: Wish = { force: true, trusts: false };
const trust: Wish = { force: false, trusts: true };

interface Case {
  readonly whole: number;
  readonly there: number;
  readonly isBeginning: BothEnds['isBeginning'];
  readonly isSameTime?: boolean;
  readonly plain: Verdict | string;
  readonly forced: Verdict | string;
  readonly trusted: Verdict | string;
}

describe('judge', () => {
  const cases: readonly Case[] = [
    { whole: 10, there: 0, isBeginning: 'unknown', plain: { from: 0 }, forced: { from: 0 }, trusted: { from: 0 } },
    { whole: 0, there: 0, isBeginning: 'unknown', plain: 'complete', forced: 'complete', trusted: 'complete' },
    { whole: 10, there: 4, isBeginning: 'yes', plain: { from: 4 }, forced: { from: 4 }, trusted: { from: 4 } },
    { whole: 10, there: 4, isBeginning: 'no', plain: 'E_OTHER_PART', forced: { from: 0 }, trusted: 'E_OTHER_PART' },
    { whole: 10, there: 4, isBeginning: 'unknown', plain: 'E_UNSURE', forced: { from: 0 }, trusted: { from: 4 } },
    { whole: 10, there: 10, isBeginning: 'yes', plain: 'complete', forced: 'complete', trusted: 'complete' },
    { whole: 10, there: 10, isBeginning: 'no', plain: 'E_OTHER_FILE', forced: { from: 0 }, trusted: 'E_OTHER_FILE' },
    {
      whole: 10,
      there: 10,
      isBeginning: 'unknown',
      plain: 'E_OTHER_FILE',
      forced: { from: 0 },
      trusted: 'E_OTHER_FILE',
    },
    {
      ...{ whole: 10, there: 10, isBeginning: 'unknown', isSameTime: true },
      ...{ plain: 'complete', forced: { from: 0 }, trusted: 'complete' },
    },
    {
      ...{ whole: 10, there: 10, isBeginning: 'no', isSameTime: true },
      ...{ plain: 'E_OTHER_FILE', forced: { from: 0 }, trusted: 'E_OTHER_FILE' },
    },
    {
      whole: 4,
      there: 10,
      isBeginning: 'unknown',
      plain: 'E_OTHER_FILE',
      forced: { from: 0 },
      trusted: 'E_OTHER_FILE',
    },
    {
      whole: 0,
      there: 10,
      isBeginning: 'unknown',
      plain: 'E_OTHER_FILE',
      forced: { from: 0 },
      trusted: 'E_OTHER_FILE',
    },
  ];

  function verdict({ whole, there, isBeginning, isSameTime = false }: Case, wish: Wish): Verdict | string | undefined {
    const ends = {
      whole: { size: whole, mtimeMs: 1_000_000 },
      there: { size: there, mtimeMs: isSameTime ? 1_000_999 : 1_001_000 },
      isBeginning,
    };
    try {
      return judge('x', ends, wish);
    } catch (error) {
      return codeOf(error);
    }
  }

  for (const one of cases) {
    const what = `${one.there} of ${one.whole} bytes, compared: ${one.isBeginning}, ${one.isSameTime ? 'same' : 'other'} time`;
    it(`C4, C5: decides on ${what}`, () => {
      expect([none, force, trust].map((wish) => verdict(one, wish))).toEqual([one.plain, one.forced, one.trusted]);
    });
  }

  it('C4, C5: names --force wherever it refuses', () => {
    for (const [there, isBeginning] of [
      [4, 'no'],
      [4, 'unknown'],
      [10, 'no'],
      [12, 'unknown'],
    ] as const) {
      const ends = { whole: { size: 10, mtimeMs: 0 }, there: { size: there, mtimeMs: undefined }, isBeginning };
      expect(() => judge('x', ends, none)).toThrowError(/--force/);
    }
  });
});
