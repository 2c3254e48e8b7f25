import { availableParallelism } from 'node:os';
import { ProcessPool } from '../../pool/process-pool.ts';
import type { ReadingJobs, ReadingNews, ReadingPool } from './reading-jobs.ts';

/**
 * How many files a thread reads side by side: a small one does not wait until a large one has been read. Two large files and
 * two rows of small ones.
 */
export const LANES = 4;

// More would only wait for the disk.
const MOST_THREADS = 8;

/**
 * Open threads for a {@link ContentReader}; they are started as they are needed.
 *
 * @param threads as many as there are processors, less the one that the main thread needs, unless told
 */
export function openReadingPool(threads = usualThreads()): ReadingPool {
  const { NODE_V8_COVERAGE: coverage } = process.env;
  return new ProcessPool<ReadingJobs, ReadingNews>({
    entry: new URL('./reading-worker.js', import.meta.url),
    kind: 'thread',
    size: threads * LANES,
    children: threads,
    environment: coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage },
  });
}

function usualThreads(): number {
  return Math.min(Math.max(1, availableParallelism() - 1), MOST_THREADS);
}
