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
    // Node turns a delay above 2^31-1 ms into 1 ms: a year-long frequency must not become a busy loop.
    const longest = 2 ** 31 - 1;
    for (let left = ms; left > 0 && !signal?.aborted; left -= longest) await nap(Math.min(left, longest), signal);
  },
};

/** As a timer of `node:timers/promises`, but that makes an error with a stack for each one that ends early. */
function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
