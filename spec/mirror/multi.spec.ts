import { parseDeleteLimit } from '../../lib/mirror/delete-limit.ts';
import { defaultMulti, parseMulti } from '../../lib/mirror/multi.ts';

describe('parseMulti', () => {
  for (const [text, kind, count] of [
    ['T4', 'T', 4],
    ['P6', 'P', 6],
    ['A8', 'A', 8],
    ['P64', 'P', 64],
    ['P1', 'P', 1],
    ['1', '1', 1],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseMulti(text)).toEqual({ kind, count });
    });
  }

  for (const text of ['', '2', '0', 'P', 'P0', 'P65', 'P04', 'P 4', 'P-1', 'p4', 'X4', '4P', 'PP4', 'T1e1']) {
    it(`refuses "${text}"`, () => {
      expect(parseMulti(text)).toBeUndefined();
    });
  }
});

describe('defaultMulti', () => {
  for (const [cores, count] of [
    [0, 1],
    [1, 1],
    [3, 3],
    [4, 4],
    [128, 4],
  ] as const) {
    it(`is ${count} on a machine of ${cores} cores`, () => {
      expect(defaultMulti(cores)).toEqual({ kind: 'P', count, grows: true });
    });
  }
});

describe('parseDeleteLimit', () => {
  it('reads a number of entries', () => {
    expect(parseDeleteLimit('100')).toEqual({ unit: 'entries', most: 100 });
  });

  it('reads 0, which forbids every removal', () => {
    expect(parseDeleteLimit('0')).toEqual({ unit: 'entries', most: 0 });
  });

  it('reads a percentage, which holds for every size of folder', () => {
    expect(parseDeleteLimit('10%')).toEqual({ unit: 'percent', most: 10, above: 0 });
  });

  it('reads both ends of the percentages', () => {
    expect(['0%', '100%'].map((text) => parseDeleteLimit(text)?.most)).toEqual([0, 100]);
  });

  for (const text of ['', '%', '-1', '101%', '1.5%', '010', '10 %', '10%%', 'all']) {
    it(`refuses "${text}" as a limit`, () => {
      expect(parseDeleteLimit(text)).toBeUndefined();
    });
  }
});
