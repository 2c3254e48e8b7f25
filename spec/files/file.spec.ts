import { File } from '../../lib/files/file.ts';

describe('File', () => {
  it('holds name, size and time as they were given', () => {
    const file = new File('a b.txt', 5 * 2 ** 30, -1);
    expect({ ...file }).toEqual({ name: 'a b.txt', size: 5 * 2 ** 30, mtimeMs: -1 });
  });
});
