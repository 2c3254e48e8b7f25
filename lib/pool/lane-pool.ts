import { doJob } from './do-job.ts';
import { JobTurns } from './job-turns.ts';
import type { ArgumentOf, JobContract, JobPool, JobService, ResultOf } from './jobs.ts';
import { jobError } from './pool-error.ts';
import { assertSize, workerAt } from './worker-list.ts';

type Service<Contract extends JobContract, News, Word> = ReturnType<JobService<Contract, News, Word>>;

interface Lane<Contract extends JobContract, News, Word> {
  readonly turns: JobTurns;
  service: Service<Contract, News, Word>;
  /** What the job that is done takes words with. */
  listener?: ((word: Word) => void) | undefined;
  /** Was what it did broken off? Its service is of no use any more. */
  isBroken: boolean;
}

/** Jobs done side by side in this process, one at a time in each lane: the same face as a pool of children. */
export class LanePool<Contract extends JobContract, News, Word = never> implements JobPool<Contract, News, Word> {
  readonly size: number;
  readonly #serve: (lane: number) => Service<Contract, News, Word>;
  readonly #lanes: readonly Lane<Contract, News, Word>[];
  #closing: Promise<void> | undefined;

  constructor(
    service: JobService<Contract, News, Word>,
    size: number,
    nameOf = (lane: number) => `connection ${lane + 1}`,
  ) {
    assertSize(size);
    this.size = size;
    // What is told here is known at once.
    this.#serve = (lane) => service(nameOf(lane), () => undefined);
    this.#lanes = Array.from({ length: size }, (_, lane) => {
      return { service: this.#serve(lane), turns: new JobTurns(), isBroken: false };
    });
  }

  run<Name extends keyof Contract & string>(
    worker: number,
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    const lane = workerAt(this.#lanes, worker);
    return lane.turns.use(name, async () => {
      try {
        if (lane.isBroken) await this.#renew(lane, worker);
        return await doJob<ArgumentOf<Contract, Name>, ResultOf<Contract, Name>, News, Word>(
          lane.service.handlers[name],
          argument,
          { tell: onNews, hear: (listener) => (lane.listener = listener) },
        );
      } catch (error) {
        throw jobError(name, error);
      } finally {
        lane.listener = undefined;
      }
    });
  }

  say(worker: number, word: Word): void {
    workerAt(this.#lanes, worker).listener?.(word);
  }

  /** There is nothing to start. */
  prepare(): void {}

  abandon(worker: number): void {
    const lane = workerAt(this.#lanes, worker);
    lane.isBroken = true;
    lane.service.abandon();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #renew(lane: Lane<Contract, News, Word>, worker: number): Promise<void> {
    const { service } = lane;
    lane.isBroken = false;
    lane.service = this.#serve(worker);
    await service.close();
  }

  async #end(): Promise<void> {
    await Promise.all(this.#lanes.map(({ turns }) => turns.close()));
    const ends = await Promise.allSettled(this.#lanes.map(({ service }) => service.close()));
    for (const end of ends) {
      if (end.status === 'rejected') throw end.reason;
    }
  }
}
