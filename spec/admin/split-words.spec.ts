import { splitWords } from '../../lib/admin/split-words.ts';

describe('splitWords', () => {
  for (const [line, words] of [
    ['', []],
    ['  user   list ', ['user', 'list']],
    ['a "b c" d', ['a', 'b c', 'd']],
    ["a 'b \\ c'", ['a', 'b \\ c']],
    ['a\\ b', ['a b']],
    ['"a\\"b"', ['a"b']],
    ['""', ['']],
    ['a""b', ['ab']],
    ['"a', undefined],
    ["'", undefined],
    ['a\\', undefined],
  ] as const) {
    it(`reads ${JSON.stringify(line)}`, () => {
      expect(splitWords(line)).toEqual(words as readonly string[] | undefined);
    });
  }
});
