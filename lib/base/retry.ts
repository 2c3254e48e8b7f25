import type { Clock } from './clock.ts';
import { CodedError } from './coded-error.ts';

/** How often and how patiently something is tried again. */
export interface RetryRules {
  /** Tries in all, the first one counted; at least 1. */
  readonly attempts: number;
  /** Wait before the second try, in milliseconds; it doubles from try to try. */
  readonly firstDelayMs: number;
  /** The longest wait between two tries, in milliseconds. */
  readonly longestDelayMs: number;
}

/** What {@link retry} needs from around it. */
export interface RetrySurroundings {
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random: () => number;
  /** Ends the waiting and the trying. */
  readonly signal?: AbortSignal;
}

/**
 * Do something, and do it again when it fails in a way that may pass.
 *
 * Only a {@link CodedError} that says `retry` is tried again; whatever else is thrown passes through at once, and so does
 * the error of the last try.
 *
 * @param work gets the number of the try, 1 for the first
 */
export async function retry<Result>(
  work: (attempt: number) => Promise<Result>,
  rules: RetryRules,
  { clock, random, signal }: RetrySurroundings,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      const mayPass = error instanceof CodedError && error.retry;
      if (!mayPass || attempt >= rules.attempts || signal?.aborted) throw error;
      await clock.wait(delayBefore(attempt + 1, rules, random), signal);
      if (signal?.aborted) throw error;
    }
  }
}

/**
 * The wait before a try, in milliseconds.
 *
 * Half of it is chance: eight connections that a server dropped together must not come back together.
 */
export function delayBefore(attempt: number, rules: RetryRules, random: () => number): number {
  const full = Math.min(rules.longestDelayMs, rules.firstDelayMs * 2 ** Math.max(0, attempt - 2));
  return full / 2 + (full / 2) * random();
}
