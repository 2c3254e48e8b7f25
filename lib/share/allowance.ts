/** How much somebody may cost: so much at once, and so much a second in the long run. */
export class Allowance {
  readonly #perSecond: number;
  #spent = 0;
  #at: number;

  /** @param now milliseconds; of a clock that may be set back */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#at = now;
  }

  /**
   * Somebody has cost so much more; or less, where it turns out so.
   *
   * @param atOnce how much is allowed at once
   * @returns after how many milliseconds that is within what is allowed: 0 where it is now
   */
  take(amount: number, atOnce: number, now: number): number {
    const elapsedMs = Math.max(0, now - this.#at);
    this.#at = now;
    this.#spent = Math.max(0, this.#spent - (elapsedMs * this.#perSecond) / 1000) + amount;
    return Math.max(0, Math.ceil(((this.#spent - atOnce) / this.#perSecond) * 1000));
  }
}
