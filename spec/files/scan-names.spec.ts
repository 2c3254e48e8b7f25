import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFilter } from '../../lib/files/filter.ts';
import { parsePatterns } from '../../lib/files/pattern.ts';
import { scan } from '../../lib/files/scan.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTree } from './file-tree.ts';
import { scanned } from './scanned.ts';

describe('Names on disk', () => {
  const folder = temporaryFolder();

  const namesFound = async (): Promise<readonly string[]> => {
    const { root } = await scan(folder(), { maxDepth: 1, filter: makeFilter(), links: 'skip' });
    return [...root.files()].map(({ name }) => name).sort();
  };

  /** Make an empty file whose name is these bytes. */
  const writeBytes = (hex: string): void => {
    // Elsewhere the system itself refuses such names, so nobody can meet one.
    if (process.platform !== 'linux') pending('only Linux has names that are not text');
    writeFileSync(Buffer.concat([Buffer.from(`${folder()}/`), Buffer.from(hex, 'hex')]), '');
  };

  const kept = [' a b ', 'a"b', "a'b", 'a%20b', '-rf', '!a', '#a', '[a]', '{a,b}', 'a\\b', 'a*?', '日本', '😀', 'a\tb'];
  for (const name of [...kept, '__proto__', '...', 'x'.repeat(255)]) {
    it(`such as ${JSON.stringify(name.slice(0, 20))} are kept as they are`, async () => {
      writeTree(folder(), { './': '' });
      writeFileSync(join(folder(), name), '');
      expect(await namesFound()).toEqual([name]);
    });
  }

  it('may differ in Unicode normalisation only', async () => {
    if (process.platform === 'darwin') pending('the file systems of macOS hold them for equal');
    const names = ['é'.normalize('NFC'), 'é'.normalize('NFD')];
    for (const name of names) writeFileSync(join(folder(), name), '');
    expect(await namesFound()).toEqual([...names].sort());
  });

  for (const name of ['a\nb', 'a\rb', '\n']) {
    it(`such as ${JSON.stringify(name)} are left out: FTP cannot carry them`, async () => {
      writeFileSync(join(folder(), name), '');
      writeFileSync(join(folder(), 'c'), '');
      const shown = name.replace('\n', '\\x0A').replace('\r', '\\x0D');
      const { found, left } = await scanned(folder());
      expect(found.length).toBe(1);
      expect(left).toEqual([`name ${shown}`]);
    });
  }

  it('that are not UTF-8 are left out, and shown with their bytes', async () => {
    writeBytes('61e9');
    writeBytes('61ea');
    writeFileSync(join(folder(), 'b'), '');
    const { left } = await scanned(folder());
    expect(left).toEqual(['name a\\xE9', 'name a\\xEA']);
    expect(await namesFound()).toEqual(['b']);
  });

  it('with a true U+FFFD are kept, even beside one that only looks the same', async () => {
    writeBytes('61ff');
    writeFileSync(join(folder(), 'a\uFFFD'), '');
    expect(await namesFound()).toEqual(['a\uFFFD']);
    expect((await scanned(folder())).left).toEqual(['name a\\xFF']);
  });

  it('with a U+FFFD and a line feed are left out', async () => {
    writeFileSync(join(folder(), '\uFFFD\n'), '');
    expect(await scanned(folder())).toEqual({ found: [], left: ['name \uFFFD\\x0A'] });
  });

  it('that FTP cannot carry are not reported where the filter leaves them out', async () => {
    writeBytes('61e9');
    writeFileSync(join(folder(), 'a\n'), '');
    const filter = makeFilter({ patterns: parsePatterns('a?') });
    expect((await scanned(folder(), { filter })).left).toEqual(['excluded a\\x0A', 'excluded a\\xE9']);
  });
});
