import { parseRang, splitRange } from '../../lib/ftp/byte-range.ts';

describe('parseRang', () => {
  const rows: readonly (readonly [string, ReturnType<typeof parseRang>])[] = [
    ['0 0', { start: 0, end: 1 }],
    ['0 49', { start: 0, end: 50 }],
    ['7  9', { start: 7, end: 10 }],
    ['1 0', { start: 0, end: undefined }],
    ['5000000000 6000000000', { start: 5_000_000_000, end: 6_000_000_001 }],
    ['2 1', undefined],
    ['1', undefined],
    ['', undefined],
    ['a b', undefined],
    ['-1 2', undefined],
    ['1 2 3', undefined],
    ['0 9007199254740991', undefined],
  ];
  for (const [argument, range] of rows) {
    it(`makes ${JSON.stringify(range)} of ${JSON.stringify(argument)}`, () => {
      expect(parseRang(argument)).toEqual(range);
    });
  }
});

describe('splitRange', () => {
  const rows: readonly (readonly [string, ReturnType<typeof splitRange>])[] = [
    ['a', undefined],
    ['two words', undefined],
    ['a 40', { path: 'a', start: 0, end: 40 }],
    ['a 3 40', { path: 'a', start: 3, end: 40 }],
    ['a 1 2 3', { path: 'a 1', start: 2, end: 3 }],
    ['"a 1" 2 3', { path: 'a 1', start: 2, end: 3 }],
    ['"a 1"', { path: 'a 1', start: 0, end: undefined }],
    ['"a"b 5', { path: '"a"b', start: 0, end: 5 }],
    ['7', undefined],
    [' 7', undefined],
    ['""', undefined],
    ['a  7', { path: 'a ', start: 0, end: 7 }],
    ['a 9999999999999999', undefined],
  ];
  for (const [argument, part] of rows) {
    it(`makes ${JSON.stringify(part)} of ${JSON.stringify(argument)}`, () => {
      expect(splitRange(argument)).toEqual(part);
    });
  }

  it('takes no longer for a line that was made to take long', () => {
    const began = performance.now();
    splitRange(`x${' 1'.repeat(4_000)}${' '.repeat(4_000)}x`);
    expect(performance.now() - began).toBeLessThan(100);
  });
});
