import { doJob } from './do-job.ts';
import type { ArgumentOf, JobContract, JobHandlers, JobPool, JobService, ResultOf } from './jobs.ts';
import { jobError } from './pool-error.ts';
import { Seats } from './seats.ts';

interface Lane<Contract extends JobContract, News> {
  readonly handlers: JobHandlers<Contract, News>;
  close(): Promise<void>;
}

/** Jobs done side by side in this process, one at a time in each lane: the same face as a pool of children. */
export class LanePool<Contract extends JobContract, News> implements JobPool<Contract, News> {
  readonly size: number;
  readonly #lanes: readonly Lane<Contract, News>[];
  readonly #seats: Seats<Lane<Contract, News>>;
  #closing: Promise<void> | undefined;

  constructor(service: JobService<Contract, News>, size: number) {
    this.size = size;
    this.#lanes = Array.from({ length: size }, (_, index) => service(`connection ${index + 1}`));
    this.#seats = new Seats(this.#lanes);
  }

  run<Name extends keyof Contract & string>(
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    return this.#seats.use(name, async ({ handlers }) => {
      try {
        return await doJob<ArgumentOf<Contract, Name>, ResultOf<Contract, Name>, News>(
          handlers[name],
          argument,
          onNews,
        );
      } catch (error) {
        throw jobError(name, error);
      }
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#seats.close();
    const ends = await Promise.allSettled(this.#lanes.map((lane) => lane.close()));
    for (const end of ends) {
      if (end.status === 'rejected') throw end.reason;
    }
  }
}
