import { pathFault } from '../../../lib/share/wire/path-rules.ts';

describe('pathFault', () => {
  it('finds none in a path of everyday life', () => {
    expect(['a', '.hidden/..x/...', 'größe/\u{1f41a}', 'a\nb/*|*'].map(pathFault)).toEqual(Array(4).fill(undefined));
  });

  for (const [path, fault] of [
    ['../a', 'holds the name . or ..'],
    ['a//b', 'holds an empty name'],
    ['a\0', 'holds a NUL'],
    ['a\ud800', 'is not UTF-8'],
    ['a/'.repeat(128).concat('a'), 'is too deep'],
  ] as const) {
    it(`says what is wrong with a path that ${fault}`, () => {
      expect(pathFault(path)).toBe(fault);
    });
  }
});
