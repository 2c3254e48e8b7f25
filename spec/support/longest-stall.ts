import { setImmediate as turn } from 'node:timers/promises';

/**
 * Do something, and measure the longest time the event loop had no turn meanwhile.
 *
 * @returns milliseconds
 */
export async function longestStall(act: () => Promise<unknown>): Promise<number> {
  let isOver = false;
  let longest = 0;
  const watching = (async () => {
    for (let last = performance.now(); !isOver; ) {
      await turn();
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }
  })();
  try {
    await act();
  } finally {
    isOver = true;
    await watching;
  }
  return longest;
}
