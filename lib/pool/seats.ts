import { PoolError } from './pool-error.ts';

interface Waiter<Seat> {
  readonly name: string;
  readonly begin: (seat: Seat) => void;
  readonly refuse: (error: PoolError) => void;
}

/** Places where one job is done at a time. Who finds none free waits: first come, first served. */
export class Seats<Seat> {
  /** The one that was left last is taken first: its worker is there already, and so are its connections. */
  readonly #free: Seat[];
  readonly #waiting: Waiter<Seat>[] = [];
  readonly #inUse = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(seats: readonly Seat[]) {
    if (seats.length === 0) throw new RangeError('A pool needs at least one worker');
    this.#free = seats.toReversed();
  }

  /**
   * Do a job on a seat of its own.
   *
   * @param name of the job, for messages
   * @throws PoolError E_CLOSED when it had not begun before the seats were closed; and whatever the work throws
   */
  async use<Result>(name: string, work: (seat: Seat) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw closedError(name);
    const using = this.#useNext(name, work);
    this.#inUse.add(using);
    try {
      return await using;
    } finally {
      this.#inUse.delete(using);
    }
  }

  /** Refuse the jobs that have not begun, and wait for the others, however they end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { name, refuse } of this.#waiting.splice(0)) refuse(closedError(name));
    await Promise.allSettled(this.#inUse);
  }

  async #useNext<Result>(name: string, work: (seat: Seat) => Promise<Result>): Promise<Result> {
    const seat =
      this.#free.pop() ??
      (await new Promise<Seat>((begin, refuse) => {
        this.#waiting.push({ name, begin, refuse });
      }));
    try {
      return await work(seat);
    } finally {
      const next = this.#waiting.shift();
      if (next) next.begin(seat);
      else this.#free.push(seat);
    }
  }
}

function closedError(name: string): PoolError {
  return new PoolError('E_CLOSED', `Cannot start ${name}: the pool is closed`);
}
