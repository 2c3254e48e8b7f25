import type { Clock } from '../../base/clock.ts';

/** Often enough for the boxes on the way that forget silent connections, and seldom enough to cost nothing. */
const PING_EVERY_MS = 5000;

/** After so many of those intervals without a sign of life a peer counts as gone: 15 to 20 seconds. */
const SILENT_INTERVALS = 3;

/** Notices that a connection is dead of which the system does not say so, as after a cable was pulled. */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #silent = 0;
  #cancel: () => void = () => undefined;

  /** @param ping ask for a sign of life; @param dead there is none */
  constructor(clock: Clock, ping: () => void, dead: () => void) {
    this.#clock = clock;
    this.#ping = ping;
    this.#dead = dead;
    this.#wait();
  }

  /** Something came. */
  heard(): void {
    this.#silent = 0;
  }

  stop(): void {
    this.#cancel();
  }

  // Intervals are counted, and no times compared: a machine that slept for an hour has only missed one.
  #wait(): void {
    this.#cancel = this.#clock.after(PING_EVERY_MS, () => {
      if (this.#silent >= SILENT_INTERVALS) return this.#dead();
      this.#silent += 1;
      this.#wait();
      this.#ping();
    });
  }
}
