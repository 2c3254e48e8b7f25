import { JobTurns } from './job-turns.ts';
import type { ArgumentOf, JobContract, JobPool, ResultOf } from './jobs.ts';
import { Rounds } from './rounds.ts';
import { Seat, type SeatOptions } from './seat.ts';
import { assertSize, workerAt } from './worker-list.ts';

/** What {@link ProcessPool} is told. */
export interface ProcessPoolOptions extends SeatOptions {
  /** How many workers. */
  readonly size: number;
  /**
   * How many child processes or threads they live in, those of neighbouring numbers together; default: each in its own. They
   * are started as they are needed.
   */
  readonly children?: number;
}

/** Where a worker lives. */
interface Place {
  readonly rounds: Rounds;
  readonly lane: number;
  readonly turns: JobTurns;
}

/** Child processes or threads that do the jobs of a contract, several at a time if they shall; the parent's half. */
export class ProcessPool<Contract extends JobContract, News, Word = never> implements JobPool<Contract, News, Word> {
  readonly size: number;
  readonly #seats: readonly Seat[];
  readonly #places: readonly Place[];
  #closing: Promise<void> | undefined;
  /** Whatever ends this process ends its children with it, also one that is stopped and would not notice. */
  readonly #atExit = () => {
    for (const seat of this.#seats) seat.kill();
  };

  constructor(options: ProcessPoolOptions) {
    const { size, children = size, kind } = options;
    assertSize(size);
    assertSize(children);
    this.size = size;
    this.#seats = Array.from({ length: Math.min(children, size) }, () => new Seat(options));
    this.#places = this.#seats.flatMap((seat, index) => places(seat, shareOf(size, this.#seats.length, index)));
    if (kind === 'process') process.once('exit', this.#atExit);
  }

  run<Name extends keyof Contract & string>(
    worker: number,
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    const { rounds, lane, turns } = workerAt(this.#places, worker);
    const job = { name, argument, onNews: onNews as (news: unknown) => void };
    // What came back is what the handler of this very name gave in the child.
    return turns.use(name, () => rounds.run(lane, job)) as Promise<ResultOf<Contract, Name>>;
  }

  /**
   * How much of the CPU the child process of a worker has used when it was last heard of, in milliseconds; 0 for one that
   * was never started. A worker that replaces it begins anew.
   */
  cpuMs(worker: number): number {
    return workerAt(this.#places, worker).rounds.cpuMs;
  }

  say(worker: number, word: Word): void {
    const { rounds, lane } = workerAt(this.#places, worker);
    rounds.say(lane, word);
  }

  prepare(worker: number): void {
    workerAt(this.#places, worker).rounds.prepare();
  }

  abandon(worker: number): void {
    const { rounds, lane } = workerAt(this.#places, worker);
    rounds.abandon(lane);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await Promise.all(this.#places.map(({ turns }) => turns.close()));
    await Promise.all(this.#seats.map((seat) => seat.close()));
    process.off('exit', this.#atExit);
  }
}

/** How many workers the child of a number gets, when all get as many, or one more or less. */
function shareOf(workers: number, children: number, index: number): number {
  return Math.floor(((index + 1) * workers) / children) - Math.floor((index * workers) / children);
}

function places(seat: Seat, lanes: number): readonly Place[] {
  const rounds = new Rounds(seat, lanes);
  return Array.from({ length: lanes }, (_, lane) => ({ rounds, lane, turns: new JobTurns() }));
}
