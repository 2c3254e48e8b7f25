import { lastPart, parentPath, resolvePath } from '../../lib/server/virtual-path.ts';

describe('resolvePath', () => {
  const paths: readonly (readonly [string, string, string])[] = [
    ['/', 'a', '/a'],
    ['/', '', '/'],
    ['/a', '', '/a'],
    ['/a', 'b', '/a/b'],
    ['/a', '/b', '/b'],
    ['/a', '..', '/'],
    ['/', '..', '/'],
    ['/a/b', '../../..', '/'],
    ['/a', './b/./c//d/', '/a/b/c/d'],
    ['/a', 'b/../../../c', '/c'],
    ['/a', ' b ', '/a/ b '],
    ['/a', '...', '/a/...'],
    ['/', '~', '/~'],
  ];
  for (const [cwd, argument, path] of paths) {
    it(`makes ${path} of ${JSON.stringify(argument)} in ${cwd}`, () => {
      expect(resolvePath(cwd, argument)).toBe(path);
    });
  }

  for (const argument of ['a\rb', 'a\nb', 'a\0b']) {
    it(`refuses ${JSON.stringify(argument)}`, () => {
      expect(() => resolvePath('/', argument)).toThrowMatching((error) => error.code === 'E_NAME');
    });
  }
});

describe('parentPath and lastPart', () => {
  const parts: readonly (readonly [string, string, string])[] = [
    ['/', '/', ''],
    ['/a', '/', 'a'],
    ['/a/b', '/a', 'b'],
  ];
  for (const [path, parent, last] of parts) {
    it(`take ${path} apart`, () => {
      expect([parentPath(path), lastPart(path)]).toEqual([parent, last]);
    });
  }
});
