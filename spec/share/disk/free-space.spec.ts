import { keptFree } from '../../../lib/share/disk/free-space.ts';

describe('What is left free for others', () => {
  it('is a hundredth of a small disk, and 256 MiB of a large one', () => {
    expect([2 ** 20, 2 ** 30, 2 ** 40, 2 ** 50].map(keptFree)).toEqual([10_485.76, 10_737_418.24, 2 ** 28, 2 ** 28]);
  });
});
