import { hiddenPartOf } from '../../../lib/share/model/hidden.ts';

describe('hiddenPartOf', () => {
  for (const [path, part] of [
    ['.a', '.a'],
    ['a/.b/c', 'a/.b'],
    ['.a/.b', '.a'],
    ['a/b/..c', 'a/b/..c'],
    ['a\n/.b', 'a\n/.b'],
    ['a.b/c.d', undefined],
    ['a', undefined],
    ['', undefined],
  ] as const) {
    it(`tells of ${JSON.stringify(path)} ${JSON.stringify(part)}`, () => {
      expect(hiddenPartOf(path)).toBe(part);
    });
  }
});
