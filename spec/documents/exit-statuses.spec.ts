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
});
