/** Does one thing after the other, in the order in which they are asked for. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Do something when all that was asked for before is over, however it ended. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Fulfilled when all that was asked for so far is over. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
