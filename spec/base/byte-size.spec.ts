import { BYTE_SIZE_RULE, parseByteSize } from '../../lib/base/byte-size.ts';

describe('parseByteSize', () => {
  const right: Readonly<Record<string, number>> = {
    '0': 0,
    '500': 500,
    '512k': 524_288,
    '512K': 524_288,
    '8M': 8_388_608,
    '8m': 8_388_608,
    '1.5G': 1_610_612_736,
    '0.5k': 512,
    '0.3k': 307,
  };
  for (const [text, bytes] of Object.entries(right)) {
    it(`reads ${text} as ${bytes} bytes`, () => {
      expect(parseByteSize(text)).toBe(bytes);
    });
  }

  for (const text of [
    '',
    'k',
    '8MB',
    '8 M',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '08M',
    '.5M',
    '1.M',
    '0x10',
    '8T',
    '9007199254740993',
    '9999999G',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parseByteSize(text)).toBeUndefined();
    });
  }

  it('reads the examples of its rule', () => {
    const examples = BYTE_SIZE_RULE.match(/\d[\d.]*[kMG]?/g) ?? [];
    expect(examples.length).toBe(4);
    expect(examples.map(parseByteSize)).not.toContain(undefined);
  });
});
