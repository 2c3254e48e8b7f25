import { fuzzWire } from './fuzz-wire.ts';

const SEED = 20261122;

describe('A reader of messages that gets nonsense', () => {
  it('makes messages of it that could have been told, or refuses it in words', () => {
    const { wrongs, messages, refusals, reasons } = fuzzWire({ seed: SEED, forMs: 2_000 });
    expect(wrongs).toEqual([]);
    expect(messages).toBeGreaterThan(100);
    expect(refusals).toBeGreaterThan(100);
    expect(reasons).toBeGreaterThan(20);
  });
});
