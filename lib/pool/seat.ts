import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Worker as Thread } from 'node:worker_threads';
import workerpool from 'workerpool';
import { codeOf } from '../base/coded-error.ts';
import { jobError, PoolError } from './pool-error.ts';

/** What a {@link Seat} is told. */
export interface SeatOptions {
  /** The compiled entry of the workers: `new URL('./x-worker.js', import.meta.url)`. */
  readonly entry: URL;
  /** Child processes, or threads of this process. */
  readonly kind: 'process' | 'thread';
  /** The whole environment of the workers. What is not in it they cannot leak. */
  readonly environment: Readonly<Record<string, string>>;
  /** A worker that tells nothing for so long while it has a job is ended; milliseconds, default one minute. */
  readonly silenceMs?: number;
}

// A worker that is told to end says goodbye to its server first; one that hangs must not hold up the parent for long.
const GOODBYE_MS = 2000;
// One that is alive answers five times a second. A machine that swaps, or a disk that spins up, takes less than this.
const LONGEST_SILENCE_MS = 60_000;
// How often it is looked whether a worker is silent.
const TICK_MS = 1000;

// What a job makes is mostly of no use any more when it ends: with the room for young objects that Node gives, a child that
// sends small files has 100 MB instead of 80, and is no faster.
const YOUNG_SPACE = '--max-semi-space-size=1';

/**
 * The place of one child process or thread: started when it is asked something, and again when it is asked something after
 * it ended.
 *
 * A workerpool of its own for each, and the waiting done elsewhere: of several workers, workerpool gives a job to one that
 * is dead; when one ends, what waits in its queue waits for ever; and so does who closes it after that (10.0.3).
 */
export class Seat {
  readonly #pool: workerpool.Pool;
  readonly #silenceMs: number;
  #isSilent = false;
  /** Fulfilled when nothing is with workerpool. */
  #free: Promise<unknown> = Promise.resolve();

  constructor({ entry, kind, environment, silenceMs = LONGEST_SILENCE_MS }: SeatOptions) {
    this.#silenceMs = silenceMs;
    this.#pool = workerpool.pool(fileURLToPath(entry), {
      workerType: kind,
      maxWorkers: 1,
      workerTerminateTimeout: GOODBYE_MS,
      // Read and left: when a worker runs out of memory, Node writes pages for its own developers.
      emitStdStreams: true,
      forkOpts: { env: environment, execArgv: [...process.execArgv, YOUNG_SPACE] },
      workerThreadOpts: { env: environment },
    });
  }

  /**
   * Have a method of it answered.
   *
   * @throws what {@link errorOf} can tell more of; it may be alive then, or not
   */
  ask<Answer>(method: string, question: unknown): Promise<Answer> {
    return this.#unlessSilent(() => this.#exec(method, [question]));
  }

  /** Start it, since it will surely be needed. */
  prepare(): void {
    // Should that fail, whoever needs it is told why.
    this.#exec('methods').catch(() => undefined);
  }

  /** Look whether it is there, before it is asked after a while: if it ended meanwhile, another one will be started. */
  wake(): Promise<void> {
    return this.#unlessSilent(() => this.#forgetTheDead());
  }

  /**
   * Why a job has no end, since a question was not answered. workerpool reports a dead worker with an error of its own class
   * and without a code; an answer that cannot be sent arrives as a bare Error.
   */
  errorOf(name: string, error: unknown): PoolError {
    if (!(error instanceof workerpool.TerminateError)) return jobError(name, error);
    const start = codeOf(error.cause);
    const what = this.#isSilent
      ? `The worker told nothing for ${this.#silenceMs / 1000} s and was ended while it did ${name}`
      : start === undefined
        ? `The worker ended while it did ${name}`
        : `No worker can be started for ${name}: ${start}`;
    return new PoolError('E_WORKER', what, { retry: true, cause: error });
  }

  /** End it at once, whatever it does. */
  kill(): void {
    const worker = this.#running();
    if (worker === undefined) return;
    // Children take no notice of SIGTERM, and one that is stopped not even of what they would take notice of.
    if ('threadId' in worker) void worker.terminate();
    else worker.kill('SIGKILL');
  }

  /** End it when it has been answered; it may say its goodbyes. */
  async close(): Promise<void> {
    const late = setTimeout(() => this.kill(), 2 * GOODBYE_MS);
    try {
      await this.#forgetTheDead();
      await this.#pool.terminate();
    } finally {
      clearTimeout(late);
    }
  }

  async #unlessSilent<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    this.#isSilent = false;
    let silentMs = 0;
    // Counted, not measured: a machine that slept did not hear its children either.
    const watch = setInterval(() => {
      silentMs += TICK_MS;
      this.#isSilent = silentMs > this.#silenceMs;
      if (this.#isSilent) this.kill();
    }, TICK_MS);
    try {
      return await question();
    } finally {
      clearInterval(watch);
    }
  }

  /** workerpool removes a worker that ended while it had nothing to do only when that does not answer. */
  async #forgetTheDead(): Promise<void> {
    await this.#free;
    if (this.#pool.stats().totalWorkers === 0) return;
    try {
      await this.#exec('methods');
    } catch (error) {
      if (!(error instanceof workerpool.TerminateError)) throw error;
    }
  }

  /** One at a time, whoever asks: what waits in the queue of workerpool when the worker ends waits for ever. */
  #exec<Answer>(method: string, parameters: unknown[] = []): Promise<Answer> {
    // What it writes to its standard output and error is told, too, and is no news.
    const options = { on: () => undefined };
    const answer = this.#free.then(() => this.#pool.exec(method, parameters, options) as Promise<Answer>);
    this.#free = answer.catch(() => undefined);
    return answer;
  }

  /** workerpool keeps it to itself, and its own way to end one waits for the worker to agree. */
  #running(): ChildProcess | Thread | undefined {
    const [handler] = Reflect.get(this.#pool, 'workers') as readonly { readonly worker?: ChildProcess | Thread }[];
    return handler?.worker ?? undefined;
  }
}
