import { exitStatus } from '../../lib/base/exit-status.ts';
import { tablesOf, textOf } from './tables.ts';

describe('docs/reference/exit-statuses.md', () => {
  const rows = tablesOf(textOf('docs/reference/exit-statuses.md')).get('') ?? [];

  it('lists every exit status with its number, in order, and nothing else', () => {
    expect(rows.map(([name, number]) => [name, Number(number)])).toEqual(Object.entries(exitStatus));
  });

  it('says of each what it means and when it comes', () => {
    expect(rows.filter(([, , meaning, when]) => !meaning || !when)).toEqual([]);
  });

  it('names for each a spec that runs the program and knows that number', () => {
    const shown = tablesOf(textOf('docs/reference/exit-statuses.md')).get('Shown by') ?? [];
    expect(shown.map(([status]) => Number(status))).toEqual(Object.values(exitStatus));
    for (const [status, specs = ''] of shown) {
      const names = [...specs.matchAll(/\(\.\.\/\.\.\/(spec\/programs\/[\w-]+\.spec\.ts)\)/g)].map(
        ([, path = '']) => path,
      );
      expect(names.length).withContext(`${status}`).toBeGreaterThan(0);
      for (const path of names)
        expect(textOf(path))
          .withContext(path)
          .toMatch(new RegExp(`\\b${status}\\b`));
    }
  });
});
