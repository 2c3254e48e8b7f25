import type { RetryRules } from '../base/retry.ts';
import type { Errand } from './transfer-jobs.ts';

// Short enough for a hiccup of a line, and soon as long as a server needs to come back.
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** How a job that failed in a way that may pass is tried again. */
export function retryRules({ rules }: Errand): RetryRules {
  return { attempts: rules.attempts, firstDelayMs: FIRST_DELAY_MS, longestDelayMs: LONGEST_DELAY_MS };
}
