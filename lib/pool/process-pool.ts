import { fileURLToPath } from 'node:url';
import workerpool from 'workerpool';
import { codeOf, messageOf } from '../base/coded-error.ts';
import type { ArgumentOf, JobContract, JobPool, ResultOf } from './jobs.ts';
import { PoolError } from './pool-error.ts';

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
  readonly #pool: workerpool.Pool;
  #closing: Promise<void> | undefined;

  constructor({ entry, kind, size, environment }: ProcessPoolOptions) {
    this.size = size;
    this.#pool = workerpool.pool(fileURLToPath(entry), {
      workerType: kind,
      maxWorkers: size,
      workerTerminateTimeout: GOODBYE_MS,
      forkOpts: { env: environment },
      workerThreadOpts: { env: environment },
    });
  }

  async run<Name extends keyof Contract & string>(
    name: Name,
    argument: ArgumentOf<Contract, Name>,
    onNews: (news: News) => void,
  ): Promise<ResultOf<Contract, Name>> {
    if (this.#closing !== undefined) throw new PoolError('E_CLOSED', `Cannot start ${name}: the pool is closed`);
    try {
      return await this.#pool.exec(name, [argument], { on: onNews });
    } catch (error) {
      throw poolError(name, error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.resolve(this.#pool.terminate()).then(() => undefined);
    return this.#closing;
  }
}

/**
 * workerpool reports a dead worker with an error of its own class and without a code; what a handler threw arrives as a
 * bare Error with the properties of the thrown one.
 */
function poolError(name: string, error: unknown): PoolError {
  if (error instanceof workerpool.TerminateError) {
    return new PoolError('E_WORKER', `The worker ended while it did ${name}`, { retry: true, cause: error });
  }
  return new PoolError('E_JOB', `${name} failed: ${codeOf(error) ?? messageOf(error)}`, { cause: error });
}
