import { truncateEverywhere, truncateSomewhere } from './truncations.ts';

const SEED = 20190312;

describe('A mirror whose journal has lost its end', () => {
  it('removes nothing that is not its own and misses no upload, at whichever byte a small one was cut', async () => {
    const { count, wrongs } = await truncateEverywhere();
    expect(wrongs).toEqual([]);
    expect(count).toBeGreaterThan(1000);
  });

  it('removes nothing that is not its own and misses no upload, at 50 places of a large one', async () => {
    const { wrongs } = await truncateSomewhere(50, SEED);
    expect(wrongs).withContext(`seed ${SEED}`).toEqual([]);
  });
});
