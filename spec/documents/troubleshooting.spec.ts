import { tablesOf, textOf } from './tables.ts';

// 17 (why a path is left out) and 20 (watching the folder) are not answered yet.
const answered = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19];

describe('docs/guides/troubleshooting.md', () => {
  const rows = tablesOf(textOf('docs/guides/troubleshooting.md')).get('The complaints') ?? [];

  it('has one row for each complaint that is answered, in order', () => {
    expect(rows.map(([number]) => Number(number))).toEqual(answered);
  });

  it('says of each what the mirror does about it', () => {
    expect(rows.filter(([, complaint, answer]) => !complaint || !answer)).toEqual([]);
  });

  it('names for each the specs that show it, and these hold specs', () => {
    for (const [number, , , shown = ''] of rows) {
      const paths = [...shown.matchAll(/\]\(\.\.\/\.\.\/(spec\/[\w/-]+\.spec\.ts)\)/g)].map(([, path = '']) => path);
      expect(paths.length).withContext(`${number}`).toBeGreaterThan(0);
      for (const path of paths)
        expect(textOf(path))
          .withContext(path)
          .toMatch(/\bdescribe\(/);
    }
  });
});
