import { contentBytes } from './content-bytes.ts';
import type { TransferJob } from './transfer-jobs.ts';

// A worker with more than this in one batch would still be busy when the others have nothing left to do.
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Take the next batch off the front of a queue.
 *
 * Near the end batches get smaller, so that the last jobs are spread over all workers. A job that alone is larger than a
 * batch may be goes alone, and so does one that a worker died with: should it be the cause, it takes no others along.
 *
 * @param workers who share what waits
 * @param mostJobs how many it holds where enough waits
 * @param mostBytes of content
 */
export function takeBatch<Call extends { readonly job: TransferJob }>(
  waiting: Call[],
  workers: number,
  mostJobs: number,
  mostBytes = MOST_BYTES,
): Call[] {
  const most = Math.min(mostJobs, Math.max(1, shareOf(waiting, workers)));
  let bytes = 0;
  let taken = 0;
  for (const { job } of waiting.slice(0, most)) {
    bytes += contentBytes(job);
    if (taken > 0 && (bytes > mostBytes || job.attempt > 1)) break;
    taken += 1;
    if (job.attempt > 1) break;
  }
  return waiting.splice(0, taken);
}

/** Half of what one of so many workers would get if all of it were given out now. */
export function shareOf(waiting: readonly unknown[], workers: number): number {
  return Math.ceil(waiting.length / (2 * workers));
}
