import { BatchSize } from '../../lib/far/batch-size.ts';

describe('BatchSize', () => {
  it('is 25 jobs as long as nothing is known', () => {
    expect(new BatchSize().jobs).toBe(25);
  });

  for (const [ms, jobs, size] of [
    [100, 25, 75],
    [250, 25, 30],
    [0, 25, 100],
    [10, 25, 100],
    [7500, 25, 12],
    [75, 1, 12],
  ] as const) {
    it(`is ${size} jobs when ${jobs} took ${ms} ms`, () => {
      const batch = new BatchSize();
      batch.took(ms, jobs);
      expect(batch.jobs).toBe(size);
    });
  }

  it('follows when jobs get faster, and slower again, within some batches', () => {
    const batch = new BatchSize();
    for (let batches = 0; batches < 10; batches += 1) batch.took(1000, 10);
    expect(batch.jobs).toBe(12);
    for (let batches = 0; batches < 20; batches += 1) batch.took(60, 10);
    expect(batch.jobs).toBeGreaterThan(25);
    for (let batches = 0; batches < 5; batches += 1) batch.took(1000, 10);
    expect(batch.jobs).toBe(12);
  });

  it('is to be filled up while a third is left', () => {
    const batch = new BatchSize();
    expect(batch.few).toBe(9);
    batch.took(1000, 10);
    expect(batch.few).toBe(4);
  });
});
