import { setTimeout as pause } from 'node:timers/promises';

// Of one processor, for looking: the programs share the processors with it.
const SHARE_OF_TIME = 0.05;
// An arrival is a millisecond late at most where a look costs nothing.
const LEAST_PAUSE_MS = 1;

/**
 * Look again and again until it is so, seldom enough to take a twentieth of a processor at most.
 *
 * @param isSo looks; what it needs may grow
 * @returns how long it took, in ms
 * @throws Error `what` did not happen, when the time is over
 */
export async function until(isSo: () => boolean, what: string, withinMs: number): Promise<number> {
  const start = performance.now();
  for (;;) {
    const before = performance.now();
    if (isSo()) return performance.now() - start;
    const after = performance.now();
    if (after - start > withinMs) throw new Error(`${what} within ${Math.round(withinMs / 1000)} s`);
    await pause(Math.max(LEAST_PAUSE_MS, (after - before) / SHARE_OF_TIME));
  }
}
