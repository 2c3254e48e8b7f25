import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Completion } from '../../lib/client/completion.ts';
import { LocalFolder } from '../../lib/client/local-folder.ts';
import type { ShellContext } from '../../lib/client/shell.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('Completion', () => {
  const folder = temporaryFolder();
  const complete = (line: string) =>
    new Completion({ local: new LocalFolder(folder(), folder()) } as ShellContext).complete(line);
  const make = (names: readonly string[]) => names.forEach((name) => void writeFileSync(join(folder(), name), ''));
  const numbered = (begin: string) => Array.from({ length: 300 }, (_, at) => `${begin}${100 + at}`);

  it('offers names in their order', async () => {
    make(['c', 'a', 'b']);
    expect(await complete('put ')).toEqual([['a', 'b', 'c'], '']);
  });

  it('offers what many names have in common first', async () => {
    make(['other', ...numbered('entry-')]);
    expect(await complete('put e')).toEqual([['entry-'], 'e']);
  });

  it('shows no more of many names than fit on a screen, and how many more there are', async () => {
    make(numbered('entry-'));
    const [candidates, word] = await complete('put entry-');
    expect(word).toBe('entry-');
    expect(candidates.length).toBe(100);
    expect(candidates.slice(0, 2)).toEqual(['entry-100', 'entry-101']);
    expect(candidates.at(-1)).toBe('(201 more)');
  });

  it('knows names with accents however they are written', async () => {
    make(['ee\u0301te\u0301', 'hiv\u00e9r', '\u5199\u771f']);
    expect(await complete('put e\u00e9')).toEqual([['"ee\u0301te\u0301"'], 'e\u00e9']);
    expect(await complete('put hive\u0301')).toEqual([['hiv\u00e9r'], 'hive\u0301']);
    expect(await complete('put \u5199')).toEqual([['\u5199\u771f'], '\u5199']);
  });
});
