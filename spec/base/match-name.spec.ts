import { isPattern, matchName, plainName } from '../../lib/base/match-name.ts';

describe('matchName', () => {
  const rows: readonly (readonly [pattern: string, fitting: readonly string[], others: readonly string[]])[] = [
    ['*', ['a', 'a.b'], ['.a']],
    ['*.txt', ['a.txt', '-.txt'], ['.txt', 'a.txt~', 'atxt', 'a.TXT']],
    ['.*', ['.a', '.'], ['a']],
    ['a*b*c', ['abc', 'aXbXc', 'abbcc'], ['ab', 'acb', 'abcd']],
    ['a?', ['ab', 'aä', 'a\u{1f600}'], ['a', 'abc']],
    ['[ab]x', ['ax', 'bx'], ['cx', 'x']],
    ['[!ab]x', ['cx'], ['ax']],
    ['[a-c]', ['a', 'b', 'c'], ['d', '-']],
    ['[a-]', ['a', '-'], ['b']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a', ['[a'], ['a']],
    ['\\*', ['*'], ['a', '\\*']],
    ['a\\[b]', ['a[b]'], ['ab']],
    ['', [''], ['a']],
  ];
  for (const [pattern, fitting, others] of rows) {
    it(`fits ${pattern} to ${fitting.join(', ')} and not to ${others.join(', ')}`, () => {
      expect(fitting.filter((name) => !matchName(pattern, name))).toEqual([]);
      expect(others.filter((name) => matchName(pattern, name))).toEqual([]);
    });
  }

  it('finds hidden names where that is wanted', () => {
    expect(matchName('*', '.a', true)).toBeTrue();
    expect(matchName('a*', '.a', true)).toBeFalse();
  });

  it('threat 34: takes no longer for stars over stars', () => {
    const begin = performance.now();
    expect(matchName('a*a*a*a*a*a*a*a*b', 'a'.repeat(5000))).toBeFalse();
    // Exponential backtracking would outlast the spec by years.
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('knows what stands for several names', () => {
    expect(['*', 'a?', '[a]', '\\**'].filter((pattern) => !isPattern(pattern))).toEqual([]);
    expect(['a', '\\*', '', 'a\\?b', '[a'].filter(isPattern)).toEqual([]);
    expect(plainName('a\\*\\\\b')).toBe('a*\\b');
  });
});
