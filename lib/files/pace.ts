import { setImmediate as turn } from 'node:timers/promises';

/** How long work may go on before others get their turn. */
export interface PaceOptions {
  /** In milliseconds; default 10. */
  readonly sliceMs?: number;
  /** Milliseconds since whenever; default: the clock of this process. */
  readonly now?: () => number;
}

// Nobody notices a connection that waits this long for its turn, and the turns cost nothing beside such a slice.
const SLICE_MS = 10;

/**
 * Cuts long synchronous work into slices.
 *
 * @example if (pace.isDue()) await pace.rest();
 */
export class Pace {
  readonly #sliceMs: number;
  readonly #now: () => number;
  #begin: number;

  constructor({ sliceMs = SLICE_MS, now = () => performance.now() }: PaceOptions = {}) {
    this.#sliceMs = sliceMs;
    this.#now = now;
    this.#begin = now();
  }

  /** Is the slice used up? */
  isDue(): boolean {
    return this.#now() - this.#begin >= this.#sliceMs;
  }

  /** Let all others have a turn, then begin the next slice. */
  async rest(): Promise<void> {
    await turn();
    this.#begin = this.#now();
  }
}
