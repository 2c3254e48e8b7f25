import {
  decimalNumber,
  decimalNumberRule,
  rangeText,
  wholeNumber,
  wholeNumberRule,
} from '../../lib/base/plain-number.ts';

const wide = [0, Number.POSITIVE_INFINITY] as const;

describe('wholeNumber', () => {
  for (const [text, number] of [
    ['0', 0],
    ['7', 7],
    ['64', 64],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ] as const) {
    it(`reads "${text}"`, () => {
      expect(wholeNumber(text, wide)).toBe(number);
    });
  }

  const others = [
    '',
    '-1',
    '+1',
    '007',
    '00',
    '1e3',
    '0x10',
    ' 4 ',
    '4\n',
    '1.5',
    '1.',
    '.5',
    '4x',
    '٤',
    'NaN',
    'Infinity',
  ];
  for (const text of [...others, '9007199254740992']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(wholeNumber(text, wide)).toBeUndefined();
    });
  }

  it('takes both ends of the range', () => {
    expect(['1', '64'].map((text) => wholeNumber(text, [1, 64]))).toEqual([1, 64]);
  });

  it('refuses what lies outside the range', () => {
    expect(['0', '65'].map((text) => wholeNumber(text, [1, 64]))).toEqual([undefined, undefined]);
  });
});

describe('decimalNumber', () => {
  it('takes a decimal point between digits', () => {
    expect(['1', '1.5', '0.25', '10.0'].map((text) => decimalNumber(text, wide))).toEqual([1, 1.5, 0.25, 10]);
  });

  for (const text of ['', '-1', '01.5', '1.', '.5', '1,5', '1e3', '0x10', ' 1', '1.5.2']) {
    it(`refuses ${JSON.stringify(text)} as well`, () => {
      expect(decimalNumber(text, wide)).toBeUndefined();
    });
  }
});

describe('the rules of numbers', () => {
  it('tell a range', () => {
    expect(rangeText([1, 64])).toBe('from 1 to 64');
  });

  it('tell a range without an upper end', () => {
    expect(rangeText([1, Number.POSITIVE_INFINITY])).toBe('of at least 1');
  });

  it('say how a whole number is written', () => {
    expect(wholeNumberRule([1, 9])).toBe('must be a whole number from 1 to 9, in plain digits without a leading zero');
  });

  it('say how a decimal number is written', () => {
    expect(decimalNumberRule([1, 9])).toBe('must be a number from 1 to 9, in plain digits without a leading zero');
  });
});
