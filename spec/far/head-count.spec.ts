import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { HeadCount, HeadCountReader } from '../../lib/far/head-count.ts';

describe('HeadCount', () => {
  let count: HeadCount;
  let reader: HeadCountReader;

  beforeEach(() => {
    count = new HeadCount();
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

  it('tells no less than one, since who reads it works', () => {
    expect(reader.read()).not.toBe(0);
  });

  it('can be read by its owner only', () => {
    expect((statSync(count.file).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(dirname(count.file)).mode & 0o777).toString(8)).toBe('700');
  });

  it('leaves nothing behind, and who comes late counts all', () => {
    count.begin();
    count.close();
    count.close();
    expect(() => statSync(dirname(count.file))).toThrow();
    expect(reader.read()).toBe(8);
  });

  it('takes ends that come after the close', () => {
    const end = count.begin();
    count.close();
    expect(end).not.toThrow();
  });
});
