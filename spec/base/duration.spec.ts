import { DURATION_RULE, parseDuration } from '../../lib/base/duration.ts';

describe('parseDuration', () => {
  const right: Readonly<Record<string, number>> = {
    '1': 1000,
    '90': 90_000,
    '90s': 90_000,
    '0.5': 500,
    '30m': 1_800_000,
    '12h': 43_200_000,
    '1.5h': 5_400_000,
    '1d': 86_400_000,
    '0': Number.POSITIVE_INFINITY,
    '0d': Number.POSITIVE_INFINITY,
    never: Number.POSITIVE_INFINITY,
  };
  for (const [text, ms] of Object.entries(right)) {
    it(`reads ${text} as ${ms} ms`, () => {
      expect(parseDuration(text)).toBe(ms);
    });
  }

  for (const text of ['', 'd', '1D', '1w', '1 d', '-1', '+1', '1e3', '01', '.5d', '1.d', 'Never', '1d12h', '0x10']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(parseDuration(text)).toBeUndefined();
    });
  }

  it('reads the examples of its rule', () => {
    const examples = DURATION_RULE.match(/\d+[smhd]?|never/g) ?? [];
    expect(examples.length).toBe(5);
    expect(examples.map(parseDuration)).not.toContain(undefined);
  });
});
