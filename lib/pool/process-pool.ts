import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import type { ArgumentOf, JobContract, JobPool, ResultOf } from './jobs.ts';
import { jobError, PoolError } from './pool-error.ts';
import { Seats } from './seats.ts';

/** What {@link ProcessPool} is told. */
export interface ProcessPoolOptions {
  /** The compiled entry of the workers: `new URL('./x-worker.js', import.meta.url)`. */
  readonly entry: URL;
  /** Child processes, or threads of this process. */
  readonly kind: 'process' | 'thread';
  /** How many. They are started as they are needed. */
  readonly size: number;
  /** The whole environment of the workers. What is not in it they cannot leak. */
  readonly environment: Readonly<Record<string, string>>;
}

// A worker that is told to end says goodbye to its server first; one that hangs must not hold up the parent for long.
const GOODBYE_MS = 2000;

/** Child processes or threads that do the jobs of a contract; the parent's half, over workerpool. */
export class ProcessPool<Contract extends JobContract, News> implements JobPool<Contract, News> {
  readonly size: number;
  readonly #workers: readonly Worker[];
  readonly #seats: Seats<Worker>;
  #closing: Promise<void> | undefined;

  constructor(options: ProcessPoolOptions) {
    this.size = options.size;
    this.#workers = Array.from({ length: options.size }, () => new Worker(options));
    this.#seats = new Seats(this.#workers);
  }

  run<Name extends keyof Contract & string>(
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    return this.#seats.use(name, (worker) => worker.run(name, argument, onNews));
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#seats.close();
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }
}

/**
 * One worker: started when there is a job for it, and again when there is a job after it ended.
 *
 * A workerpool of its own for each, and the waiting done elsewhere: of several workers, workerpool gives a job to one that
 * is dead; when one ends, what waits in its queue waits for ever; and so does who closes it after that (10.0.3).
 */
class Worker {
  readonly #pool: workerpool.Pool;

  constructor({ entry, kind, environment }: ProcessPoolOptions) {
    this.#pool = workerpool.pool(fileURLToPath(entry), {
      workerType: kind,
      maxWorkers: 1,
      workerTerminateTimeout: GOODBYE_MS,
      forkOpts: { env: environment },
      workerThreadOpts: { env: environment },
    });
  }

  async run<Result, News>(name: string, argument: unknown, onNews: (news: News) => void): Promise<Result> {
    await this.#forgetTheDead();
    try {
      return await this.#pool.exec(name, [argument], { on: onNews });
    } catch (error) {
      throw poolError(name, error);
    }
  }

  async end(): Promise<void> {
    await this.#forgetTheDead();
    await this.#pool.terminate();
  }

  /** workerpool removes a worker that ended while it had nothing to do only when that does not answer. */
  async #forgetTheDead(): Promise<void> {
    if (this.#pool.stats().totalWorkers === 0) return;
    try {
      await this.#pool.exec('methods', []);
    } catch (error) {
      if (!(error instanceof workerpool.TerminateError)) throw error;
    }
  }
}

/**
 * workerpool reports a dead worker with an error of its own class and without a code; what a handler threw arrives as a
 * bare Error with the properties of the thrown one.
 */
function poolError(name: string, error: unknown): PoolError {
  if (!(error instanceof workerpool.TerminateError)) return jobError(name, error);
  return new PoolError('E_WORKER', `The worker ended while it did ${name}`, { retry: true, cause: error });
}
