import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFilter } from '../../lib/files/filter.ts';
import { scan } from '../../lib/files/scan.ts';
import { measureScan } from '../bench/scan.ts';

const FOLDERS = 200;
const FILES_PER_FOLDER = 50;

describe('The result of a scan', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'filesmirror-spec-'));
    for (let number = 0; number < FOLDERS; number += 1) {
      const inner = join(folder, `folder-${number}`);
      mkdirSync(inner);
      for (let file = 0; file < FILES_PER_FOLDER; file += 1) writeFileSync(join(inner, `file-${file}.txt`), '');
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes at most 80 bytes of heap for an entry with a name of some letters', async () => {
    const { entries, heapPerEntry } = await measureScan(folder, 1);
    expect(entries).toBe(FOLDERS * (FILES_PER_FOLDER + 1));
    expect(heapPerEntry).toBeGreaterThan(0);
    expect(heapPerEntry).toBeLessThanOrEqual(80);
  });

  it('is had by two glances at each entry, however many there are', async () => {
    let glances = 0;
    const now = () => {
      glances += 1;
      return 0;
    };
    await scan(folder, { maxDepth: Infinity, filter: makeFilter(), links: 'skip', now });
    expect(glances).toBe(1 + 2 * FOLDERS * (FILES_PER_FOLDER + 1));
  });
});
