import type { TransferJob } from './transfer-jobs.ts';

// As much as makes a worker take nothing else along.
const UNKNOWN = 16 * 1024 * 1024;

/** How many bytes of content a job moves, as far as it is known before. */
export function contentBytes(job: TransferJob): number {
  if (job.kind === 'upload') return job.upload.size;
  return job.kind === 'download' ? (job.download.size ?? UNKNOWN) : 0;
}
