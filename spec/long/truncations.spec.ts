import { truncateSomewhere } from '../faults/truncations.ts';

const PATIENCE_MS = 600_000;

describe('the mirror, whose journal has lost its end,', () => {
  it(
    'removes nothing that is not its own and misses no upload, at 1,000 places of a large one',
    async () => {
      const seed = Date.now() % 2 ** 31;
      setSpecProperty('seed', seed);
      const { count, wrongs } = await truncateSomewhere(1000, seed);
      setSpecProperty('truncations', count);
      expect(wrongs).withContext(`seed ${seed}`).toEqual([]);
    },
    PATIENCE_MS,
  );
});
