import { doJob } from './do-job.ts';
import type { ArgumentOf, JobContract, JobPool, JobService, ResultOf } from './jobs.ts';
import { jobError } from './pool-error.ts';
import { Turns } from './turns.ts';
import { assertSize, workerAt } from './worker-list.ts';

interface Lane<Contract extends JobContract, News> {
  readonly service: ReturnType<JobService<Contract, News>>;
  readonly turns: Turns;
}

/** Jobs done side by side in this process, one at a time in each lane: the same face as a pool of children. */
export class LanePool<Contract extends JobContract, News> implements JobPool<Contract, News> {
  readonly size: number;
  readonly #lanes: readonly Lane<Contract, News>[];
  #closing: Promise<void> | undefined;

  constructor(service: JobService<Contract, News>, size: number) {
    assertSize(size);
    this.size = size;
    this.#lanes = Array.from({ length: size }, (_, index) => {
      return { service: service(`connection ${index + 1}`), turns: new Turns() };
    });
  }

  run<Name extends keyof Contract & string>(
    worker: number,
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    const { service, turns } = workerAt(this.#lanes, worker);
    return turns.use(name, async () => {
      try {
        return await doJob<ArgumentOf<Contract, Name>, ResultOf<Contract, Name>, News>(
          service.handlers[name],
          argument,
          onNews,
        );
      } catch (error) {
        throw jobError(name, error);
      }
    });
  }

  abandon(worker: number): void {
    workerAt(this.#lanes, worker).service.abandon();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await Promise.all(this.#lanes.map(({ turns }) => turns.close()));
    const ends = await Promise.allSettled(this.#lanes.map(({ service }) => service.close()));
    for (const end of ends) {
      if (end.status === 'rejected') throw end.reason;
    }
  }
}
