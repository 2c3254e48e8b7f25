import type { TransferError } from '../transfer/transfer-error.ts';
import type { JobReport } from './job-report.ts';
import type { TransferJob } from './transfer-jobs.ts';

/** A job that was begun. */
export interface BegunJob {
  readonly job: TransferJob;
  /** Missing while nothing was told of it. */
  readonly report?: JobReport;
}

/** Takes so many jobs of a kind from the front of those that wait, or as many as stand there by now. */
export type TakeFront<Kind extends TransferJob> = (most: number) => readonly Kind[];

/** What became of jobs that were done together. Those in none of its lists have an outcome. */
export interface DoneTogether {
  /** Those that are to be done one by one. */
  readonly left: readonly BegunJob[];
  /** Those that were under way when something went wrong with the connection, and what that was. */
  readonly broken?: { readonly jobs: readonly BegunJob[]; readonly error: TransferError };
}
