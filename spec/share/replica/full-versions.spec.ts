import { MOST_COUNTERS, type Version } from '../../../lib/share/model/version.ts';
import { Machine } from './machine.ts';

const FULL: Version = Array.from({ length: MOST_COUNTERS }, (_, at) => ({ replica: `x${100 + at}`, count: 1 + at }));

describe('An entry whose version has as many counters as it may have', () => {
  let one: Machine;
  let other: Machine;

  beforeEach(() => {
    one = new Machine('aaaa');
    other = new Machine('bbbb');
    for (const machine of [one, other]) {
      const told = { entry: { path: 'a', content: { type: 'directory' }, version: FULL }, number: 1 } as const;
      machine.handle({ kind: 'connected', peer: 'x', heard: 0 });
      machine.handle({ kind: 'heard', peer: 'x', entries: [told], upTo: 1, isAll: true });
      machine.handle({ kind: 'disconnected', peer: 'x' });
    }
    one.meet(other);
    expect([one.folders, other.folders]).toEqual(['a', 'a']);
  });

  it('is the same everywhere after somebody has deleted it, and gone when it was deleted once more', () => {
    one.remove('a');
    // What exists stands against a deletion that has not seen all of it, as far as its counters say.
    for (const _ of [1, 2]) one.meet(other);
    expect([one.folders, other.folders]).toEqual(['a', 'a']);
    one.remove('a');
    one.meet(other);
    expect([one.folders, other.folders]).toEqual(['', '']);
  });

  it('is dealt with when that was told: nothing is told again and again', () => {
    one.remove('a');
    for (const _ of [1, 2]) one.meet(other);
    const numbers = () => [one, other].map(({ replica }) => replica.held('a')?.number);
    const before = numbers();
    expect(other.replica.settledOf('aaaa')).toBe(before[0] ?? 0);
    one.meet(other);
    expect(numbers()).toEqual(before);
  });
});
