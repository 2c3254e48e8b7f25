import { codeOf } from '../base/coded-error.ts';

// Servers lock an account after some refusals within minutes: waits that grow from a second come to as many.
const LEAST_MS = 60_000;

// One login an hour locks nobody out; to wait longer would only make it later known that all is well again.
const MOST_MS = 3_600_000;

/**
 * Cycles in a row that the far side refused us, be it for name and password or since it cannot be trusted. Who goes on
 * asking as often as before has the account locked.
 */
export class Refusals {
  #count = 0;

  /** A connection was granted. */
  end(): void {
    this.#count = 0;
  }

  /** A cycle was given up; any other reason than a refusal says nothing of the next login. */
  add(error: unknown): void {
    const code = codeOf(error);
    if (code === 'E_LOGIN' || code === 'E_TLS') this.#count += 1;
  }

  /**
   * The wait before the next cycle, in milliseconds: twice as long after each refusal, from a minute up to an hour.
   *
   * @param usualMs the one without refusals; it is never made shorter
   */
  waitMs(usualMs: number): number {
    if (this.#count === 0) return usualMs;
    const grown = Math.max(LEAST_MS, 2 * usualMs) * 2 ** (this.#count - 1);
    return Math.max(usualMs, Math.min(MOST_MS, grown));
  }
}
