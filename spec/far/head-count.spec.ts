import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeadCount, HeadCountReader } from '../../lib/far/head-count.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('HeadCount', () => {
  const folder = temporaryFolder();
  let count: HeadCount;
  let reader: HeadCountReader;

  beforeEach(() => {
    count = new HeadCount(join(folder(), 'working'));
    reader = new HeadCountReader(count.file, 8);
  });

  afterEach(() => {
    reader.close();
    count.close();
  });

  it('tells a reader at any moment how many work', () => {
    const ends = Array.from({ length: 12 }, () => count.begin());
    const told = [reader.read()];
    for (const end of ends.slice(0, 9)) end();
    told.push(reader.read());
    expect(told).toEqual([12, 3]);
  });

  it('lets all be counted when none works, since who reads works all the same', () => {
    count.begin()();
    expect(reader.read()).toBe(8);
  });

  it('can be read by its owner only', () => {
    count.begin();
    expect((statSync(count.file).mode & 0o777).toString(8)).toBe('600');
  });

  it('makes nothing before the first begins, and takes nothing away that it did not make', () => {
    expect(readdirSync(folder())).toEqual([]);
    writeFileSync(count.file, '05');
    count.close();
    expect(readdirSync(folder())).toEqual(['working']);
  });

  it('takes over what a killed run left', () => {
    writeFileSync(count.file, '37 and more');
    expect(reader.read()).toBe(37);
    count.begin();
    expect([reader.read(), statSync(count.file).size]).toEqual([1, 2]);
  });

  it('leaves nothing behind, and who comes late counts all', () => {
    count.begin();
    count.close();
    count.close();
    expect(readdirSync(folder())).toEqual([]);
    expect(reader.read()).toBe(8);
  });

  it('takes begins and ends that come after the close, and makes nothing for them', () => {
    const end = count.begin();
    count.close();
    end();
    count.begin();
    expect(readdirSync(folder())).toEqual([]);
  });

  it('lets all be counted as long as no file can be made', () => {
    mkdirSync(count.file);
    const end = count.begin();
    expect(new HeadCountReader(count.file, 8).read()).toBe(8);
    rmSync(count.file, { recursive: true });
    count.begin();
    expect(reader.read()).toBe(2);
    end();
    expect(reader.read()).toBe(1);
  });

  it('lets all be counted where the disk took the file, but no number', () => {
    writeFileSync(count.file, '');
    expect(reader.read()).toBe(8);
  });

  it('closes without a word when its file cannot be removed: the next run takes it over', () => {
    count.begin();
    rmSync(count.file);
    mkdirSync(count.file);
    expect(() => count.close()).not.toThrow();
    expect(existsSync(count.file)).toBeTrue();
  });

  it('lets all be counted by a reader who was told no file', () => {
    expect(new HeadCountReader(undefined, 4).read()).toBe(4);
  });
});
