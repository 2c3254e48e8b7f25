import type { ArgumentOf, JobContract, JobPool, ResultOf } from './jobs.ts';
import { Seat, type SeatOptions } from './seat.ts';
import { assertSize, workerAt } from './worker-list.ts';

/** What {@link ProcessPool} is told. */
export interface ProcessPoolOptions extends SeatOptions {
  /** How many workers. They are started as they are needed. */
  readonly size: number;
}

/** Child processes or threads that do the jobs of a contract; the parent's half. */
export class ProcessPool<Contract extends JobContract, News> implements JobPool<Contract, News> {
  readonly size: number;
  readonly #seats: readonly Seat[];
  #closing: Promise<void> | undefined;
  /** Whatever ends this process ends its children with it, also one that is stopped and would not notice. */
  readonly #atExit = () => {
    for (const seat of this.#seats) seat.kill();
  };

  constructor(options: ProcessPoolOptions) {
    assertSize(options.size);
    this.size = options.size;
    this.#seats = Array.from({ length: options.size }, () => new Seat(options));
    if (options.kind === 'process') process.once('exit', this.#atExit);
  }

  run<Name extends keyof Contract & string>(
    worker: number,
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    return workerAt(this.#seats, worker).run(name, argument, onNews);
  }

  abandon(worker: number): void {
    workerAt(this.#seats, worker).kill();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.close()));
    process.off('exit', this.#atExit);
  }
}
