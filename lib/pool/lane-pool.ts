import type { ArgumentOf, JobContract, JobHandlers, JobPool, JobService, ResultOf } from './jobs.ts';
import { PoolError } from './pool-error.ts';

interface Lane<Contract extends JobContract, News> {
  readonly handlers: JobHandlers<Contract, News>;
  close(): Promise<void>;
}

/** Jobs done side by side in this process, one at a time in each lane: the same face as a pool of children. */
export class LanePool<Contract extends JobContract, News> implements JobPool<Contract, News> {
  readonly size: number;
  readonly #lanes: readonly Lane<Contract, News>[];
  readonly #free: Lane<Contract, News>[];
  readonly #waiting: ((lane: Lane<Contract, News>) => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(service: JobService<Contract, News>, size: number) {
    this.size = size;
    this.#lanes = Array.from({ length: size }, (_, index) => service(`connection ${index + 1}`));
    this.#free = [...this.#lanes];
  }

  async run<Name extends keyof Contract & string>(
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    if (this.#closing !== undefined) throw new PoolError('E_CLOSED', `Cannot start ${name}: the pool is closed`);
    const running = this.#inLane((lane) => lane.handlers[name](argument, onNews));
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #inLane<Result>(work: (lane: Lane<Contract, News>) => Promise<Result>): Promise<Result> {
    const lane =
      this.#free.pop() ?? (await new Promise<Lane<Contract, News>>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(lane);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(lane);
      else this.#free.push(lane);
    }
  }

  async #end(): Promise<void> {
    await Promise.allSettled(this.#running);
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}
