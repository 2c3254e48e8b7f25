import { showDuration } from '../../lib/base/show-duration.ts';

describe('showDuration', () => {
  for (const [ms, text] of [
    [0, '0:00'],
    [499, '0:00'],
    [7_000, '0:07'],
    [59_600, '1:00'],
    [192_000, '3:12'],
    [3_599_000, '59:59'],
    [3_600_000, '1:00:00'],
    [90_061_000, '25:01:01'],
  ] as const) {
    it(`shows ${ms} ms as ${text}`, () => {
      expect(showDuration(ms)).toBe(text);
    });
  }
});
