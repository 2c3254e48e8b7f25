import { conflictPath, originalOf } from '../../../lib/share/model/conflict-name.ts';

const FILE = {
  type: 'file',
  size: 3,
  id: '1f3a9c2e77',
  mtimeMs: Date.UTC(2026, 10, 22, 15, 3, 12, 999),
  isExecutable: false,
} as const;
const MARK = '.conflict-20261122-150312-1f3a9c2';

describe('conflictPath', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['notes.txt', `notes${MARK}.txt`],
    ['a/b.c/notes', `a/b.c/notes${MARK}`],
    ['a/.hidden', `a/.hidden${MARK}`],
    ['archive.tar.gz', `archive.tar${MARK}.gz`],
    [`x.${'long'.repeat(20)}`, `x.${'long'.repeat(20)}${MARK}`],
  ];
  for (const [path, expected] of cases) {
    it(`makes of ${path} ${expected}`, () => {
      expect(conflictPath(path, FILE)).toBe(expected);
    });
  }

  it('makes no name of more than 255 bytes, and cuts no letter in two', () => {
    const name = conflictPath(`d/${'ä'.repeat(125)}.txt`, FILE).slice(2);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^ä+\.conflict-20261122-150312-1f3a9c2\.txt$/);
  });

  it('makes the same name of the same file, and another one of another', () => {
    expect(conflictPath('a', FILE)).toBe(conflictPath('a', { ...FILE }));
    expect(conflictPath('a', { ...FILE, id: '2f3a9c2e77' })).not.toBe(conflictPath('a', FILE));
  });
});

describe('originalOf', () => {
  for (const path of ['notes.txt', 'a/b.c/notes', 'a/.hidden', 'archive.tar.gz', `x.${'long'.repeat(20)}`]) {
    it(`tells that a copy of ${path} was made of it`, () => {
      for (const digits of [7, 16, 64]) {
        const id = '1f3a9c2e'.repeat(8);
        expect(originalOf(conflictPath(path, { ...FILE, id }, digits))).toBe(path);
      }
    });
  }

  it('tells of the copy of a copy that it was made of the copy', () => {
    expect(originalOf(conflictPath(`a${MARK}.txt`, FILE))).toBe(`a${MARK}.txt`);
  });

  for (const path of ['notes.txt', 'a.conflict-2026-1f3a9c2', `d${MARK}/file`, MARK, `a${MARK}0.txt`]) {
    it(`makes nothing of ${path}`, () => {
      expect(originalOf(path)).toBeUndefined();
    });
  }
});
