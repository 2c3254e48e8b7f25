/** Some of the workers of a pool: who wants one waits in a row until one is free. */
export class LaneRow {
  readonly #free: number[];
  readonly #waiting: ((worker: number) => void)[] = [];
  readonly #threadOf: (worker: number) => number;

  /** @param threadOf tells the thread that a worker lives in: those with the most free ones are taken first */
  constructor(workers: readonly number[], threadOf: (worker: number) => number) {
    this.#free = [...workers];
    this.#threadOf = threadOf;
  }

  /** Do something with a worker when one is free. */
  async use<Result>(work: (worker: number) => Promise<Result>): Promise<Result> {
    const worker = this.#take() ?? (await new Promise<number>((begin) => this.#waiting.push(begin)));
    try {
      return await work(worker);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#free.push(worker);
    }
  }

  #take(): number | undefined {
    const freeIn = (worker: number) =>
      this.#free.filter((other) => this.#threadOf(other) === this.#threadOf(worker)).length;
    let best: number | undefined;
    for (const worker of this.#free) if (best === undefined || freeIn(worker) > freeIn(best)) best = worker;
    if (best !== undefined) this.#free.splice(this.#free.indexOf(best), 1);
    return best;
  }
}
