import type { Clock } from '../base/clock.ts';

/** Wakes somebody at one time; set anew, it forgets the time before. */
export class Alarm {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #set: { readonly at: number; readonly off: AbortController } | undefined;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /**
   * @param at milliseconds since 1970; infinitely far wakes nobody
   * @param now when the caller looked what there is to do: what was due by then is done, what comes due since then is not
   */
  set(at: number, now: number): void {
    if (this.#set?.at === at) return;
    this.off();
    if (at === Number.POSITIVE_INFINITY || at <= now) return;
    const off = new AbortController();
    this.#set = { at, off };
    void this.#clock.wait(at - now, off.signal).then(() => {
      if (off.signal.aborted) return;
      this.#set = undefined;
      this.#wake();
    });
  }

  off(): void {
    this.#set?.off.abort();
    this.#set = undefined;
  }
}
