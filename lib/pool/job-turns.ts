import { PoolError } from './pool-error.ts';

interface Waiter {
  readonly name: string;
  readonly begin: () => void;
  readonly refuse: (error: PoolError) => void;
}

/** The jobs of one worker: one at a time, first come, first served. */
export class JobTurns {
  readonly #waiting: Waiter[] = [];
  readonly #inUse = new Set<Promise<unknown>>();
  #isTaken = false;
  #isClosed = false;

  /**
   * Do a job when its turn comes.
   *
   * @param name of the job, for messages
   * @throws PoolError E_CLOSED when it had not begun before the turns were closed; and whatever the work throws
   */
  async use<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw closedError(name);
    const using = this.#useNext(name, work);
    this.#inUse.add(using);
    try {
      return await using;
    } finally {
      this.#inUse.delete(using);
    }
  }

  /** Refuse the jobs that have not begun, and wait for the one that has, however it ends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { name, refuse } of this.#waiting.splice(0)) refuse(closedError(name));
    await Promise.allSettled(this.#inUse);
  }

  async #useNext<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#isTaken) {
      await new Promise<void>((begin, refuse) => {
        this.#waiting.push({ name, begin, refuse });
      });
    }
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin();
      else this.#isTaken = false;
    }
  }
}

function closedError(name: string): PoolError {
  return new PoolError('E_CLOSED', `Cannot start ${name}: the pool is closed`);
}
