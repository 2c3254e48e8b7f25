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
  /**
   * Do something later: cheaper than {@link wait} for what most of the time does not come to pass.
   *
   * @param ms in how many milliseconds
   * @returns takes it back; also when it is done, which is harmless
   */
  after(ms: number, run: () => void): () => void;
}

// Node turns a delay above that into 1 ms: a year-long frequency must not become a busy loop.
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),

  // As a timer of `node:timers/promises`, but that makes an error with a stack for each one that ends early.
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (ms <= 0 || signal?.aborted) return resolve();
      const wake = () => {
        cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = systemClock.after(ms, wake);
      signal?.addEventListener('abort', wake, { once: true });
    }),

  after(ms, run) {
    let timer: NodeJS.Timeout;
    const go = (left: number) => {
      timer = setTimeout(() => (left > LONGEST_MS ? go(left - LONGEST_MS) : run()), Math.min(left, LONGEST_MS));
    };
    go(ms);
    return () => clearTimeout(timer);
  },
};
