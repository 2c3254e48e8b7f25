import { setTimeout as timer } from 'node:timers/promises';

/** Where the time comes from: passed in, so that a spec can turn the hands. */
export interface Clock {
  /** Milliseconds since 1970 (UTC). */
  now(): number;
  /**
   * Wait.
   *
   * @param ms how long, in milliseconds
   * @param signal ends the wait early; it is then fulfilled, not refused: the caller looks at the signal itself
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async wait(ms, signal) {
    if (signal?.aborted) return;
    // Node turns a delay above 2^31-1 ms into 1 ms: a year-long frequency must not become a busy loop.
    const longest = 2 ** 31 - 1;
    try {
      for (let left = ms; left > 0; left -= longest) {
        await timer(Math.min(left, longest), undefined, signal ? { signal } : undefined);
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};
