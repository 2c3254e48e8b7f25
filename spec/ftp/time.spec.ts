import { formatTime, isTellableTime, parseTime } from '../../lib/ftp/time.ts';

describe('FTP times', () => {
  const pairs: readonly (readonly [string, number])[] = [
    ['20260102030405', Date.UTC(2026, 0, 2, 3, 4, 5)],
    ['20260102030405.006', Date.UTC(2026, 0, 2, 3, 4, 5, 6)],
    ['19700101000000', 0],
    ['19691231235959.999', -1],
    ['20240229120000', Date.UTC(2024, 1, 29, 12)],
    ['99991231235959.999', 253_402_300_799_999],
    ['00010101000000', -62_135_596_800_000],
    ['00000101000000', -62_167_219_200_000],
  ];
  for (const [text, ms] of pairs) {
    it(`are ${text} for ${ms} and back`, () => {
      expect(formatTime(ms)).toBe(text);
      expect(parseTime(text)).toBe(ms);
    });
  }

  it('cut off what is finer than a millisecond when read', () => {
    expect(parseTime('19700101000000.1239')).toBe(123);
    expect(parseTime('19700101000000.5')).toBe(500);
  });

  it('round it when written', () => {
    expect(formatTime(122.999906)).toBe('19700101000000.123');
  });

  const wrong = [
    '',
    '2026010203040',
    '202601020304055',
    '20250230000000',
    '20230229000000',
    '20261301000000',
    '20260001000000',
    '20260100000000',
    '20260101240000',
    '20260101006000',
    '20260101000060',
    '20260101000000.',
    '20260101000000,5',
    '-0260101000000',
  ];
  for (const text of wrong) {
    it(`are not ${JSON.stringify(text)}`, () => {
      expect(parseTime(text)).toBeUndefined();
    });
  }

  it('end with the year 9999', () => {
    const end = 253_402_300_800_000;
    expect([isTellableTime(end - 1), isTellableTime(end - 0.4), isTellableTime(end)]).toEqual([true, false, false]);
    expect(() => formatTime(end)).toThrowError(RangeError);
    expect(() => formatTime(Number.NaN)).toThrowError(RangeError);
  });
});
