import type { Clock } from '../base/clock.ts';

/** How long an end may take, and what is done about one that takes longer. */
export interface Deadline {
  readonly clock: Clock;
  /** In milliseconds; infinite for no limit. */
  readonly withinMs: number;
  readonly onLate: () => void;
}

/** Wait for something that is about to end; when it takes too long, do something about it, and wait on. */
export async function endWithin(ending: Promise<unknown>, { clock, withinMs, onLate }: Deadline): Promise<void> {
  const ended = new AbortController();
  const late = async () => {
    await clock.wait(withinMs, ended.signal);
    if (!ended.signal.aborted) onLate();
  };
  if (withinMs !== Number.POSITIVE_INFINITY) void late();
  await Promise.allSettled([ending]);
  ended.abort();
}
