import { conflictPath } from '../../../lib/share/model/conflict-name.ts';

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
