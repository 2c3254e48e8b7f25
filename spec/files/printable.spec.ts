import { printable, printableBytes } from '../../lib/files/printable.ts';

describe('printable', () => {
  const table = [
    ['a b é 日 😀 \\', 'a b é 日 😀 \\'],
    ['a\r\nb', 'a\\x0D\\x0Ab'],
    ['\u001b[31m\u0000\u007f', '\\x1B[31m\\x00\\x7F'],
    ['\u009b1m', '\\x9B1m'],
    ['a\u2028b', 'a\\u{2028}b'],
  ] as const;
  for (const [text, shown] of table) {
    it(`shows ${JSON.stringify(text)} as ${shown}`, () => {
      expect(printable(text)).toBe(shown);
    });
  }
});

describe('printableBytes', () => {
  const table = [
    ['c3a9', 'é'],
    ['e9', '\\xE9'],
    ['61e962', 'a\\xE9b'],
    ['efbfbd', '\uFFFD'],
    ['f09f9880ff', '😀\\xFF'],
    ['f09f98', '\\xF0\\x9F\\x98'],
    ['c0af', '\\xC0\\xAF'],
    ['eda080', '\\xED\\xA0\\x80'],
    ['0aff', '\\x0A\\xFF'],
    ['', ''],
  ] as const;
  for (const [hex, shown] of table) {
    it(`shows the bytes ${hex || 'of nothing'} as ${shown}`, () => {
      expect(printableBytes(Buffer.from(hex, 'hex'))).toBe(shown);
    });
  }
});
