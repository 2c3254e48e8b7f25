import type { Clock } from '../base/clock.ts';
import { ControlError } from './control-error.ts';

// A human who mistyped types longer than that; one guess in eight seconds finds no password.
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 8_000;
/** Each of them waits for all before it, so more would wait for longer than anybody does. */
const MOST_WAITING = 8;

/** Lets one try to log in after the other, the later the more of them failed: guessing in parallel gains nothing. */
export class LoginGate {
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #failures = 0;
  #notBefore = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Try when it is one's turn.
   *
   * @param check tells who logged in, `undefined` when it failed
   * @param signal aborted when whoever wants to log in has gone
   * @throws ControlError E_CONTROL_BUSY when too many wait
   */
  async pass<Who>(check: () => Promise<Who | undefined>, signal: AbortSignal): Promise<Who | undefined> {
    if (this.#waiting >= MOST_WAITING) {
      throw new ControlError('E_CONTROL_BUSY', 'Too many want to log in at once: try again later', { retry: true });
    }
    const leave = this.#comeIn();
    signal.addEventListener('abort', leave, { once: true });
    const turn = this.#last.then(() => this.#try(check, signal));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  /** @returns what leaves again; leaving twice is harmless */
  #comeIn(): () => void {
    let isIn = true;
    this.#waiting += 1;
    return () => {
      if (isIn) this.#waiting -= 1;
      isIn = false;
    };
  }

  async #try<Who>(check: () => Promise<Who | undefined>, signal: AbortSignal): Promise<Who | undefined> {
    const left = this.#notBefore - this.#clock.now();
    if (left > 0) await this.#clock.wait(Math.min(left, LONGEST_DELAY_MS), signal);
    if (signal.aborted) return undefined;
    const who = await check();
    this.#failures = who === undefined ? this.#failures + 1 : 0;
    // No power of a large number: it would be no number of milliseconds any more.
    const delay = who === undefined ? FIRST_DELAY_MS * 2 ** Math.min(this.#failures - 1, 10) : 0;
    this.#notBefore = this.#clock.now() + Math.min(delay, LONGEST_DELAY_MS);
    return who;
  }
}
