import { setTimeout as wait } from 'node:timers/promises';

// Short beside all that is waited for, and long beside one look.
const BETWEEN_LOOKS_MS = 20;

/**
 * Look at something outside of this process again and again, until it is as it has to be.
 *
 * @param look gives `undefined`, or is refused, as long as it is not
 * @param withinMs how long that may take
 * @param what for the error: what was waited for
 * @throws Error when it takes longer; its cause is why the last look was refused
 */
export async function until<Result>(
  look: () => Result | undefined | Promise<Result | undefined>,
  withinMs: number,
  what: string | (() => string),
): Promise<Result> {
  const end = performance.now() + withinMs;
  for (;;) {
    let cause: unknown;
    try {
      const result = await look();
      if (result !== undefined) return result;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) {
      const text = typeof what === 'string' ? what : what();
      throw new Error(`not within ${withinMs} ms: ${text}`, { cause });
    }
    await wait(BETWEEN_LOOKS_MS);
  }
}

/** The same for what is true or not. */
export async function untilTrue(look: () => boolean, withinMs: number, what: string | (() => string)): Promise<void> {
  await until(() => look() || undefined, withinMs, what);
}
