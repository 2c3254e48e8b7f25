import type { ArgumentOf, ResultOf } from '../pool/jobs.ts';
import type { HeadCount } from './head-count.ts';
import type { TransferEvent, TransferJobs, TransferPool, TransferWord } from './transfer-jobs.ts';

/** A pool that lets its workers know how many of them work. It takes the count over: closing closes it. */
export class CountedPool implements TransferPool {
  readonly size: number;
  readonly #pool: TransferPool;
  readonly #working: HeadCount;

  constructor(pool: TransferPool, working: HeadCount) {
    this.size = pool.size;
    this.#pool = pool;
    this.#working = working;
  }

  async run<Name extends keyof TransferJobs & string>(
    worker: number,
    name: Name,
    argument: ArgumentOf<TransferJobs, Name>,
    onNews: (news: TransferEvent) => void,
  ): Promise<ResultOf<TransferJobs, Name>> {
    const end = this.#working.begin();
    try {
      return await this.#pool.run(worker, name, argument, onNews);
    } finally {
      end();
    }
  }

  say(worker: number, word: TransferWord): void {
    this.#pool.say(worker, word);
  }

  prepare(worker: number): void {
    this.#pool.prepare(worker);
  }

  abandon(worker: number): void {
    this.#pool.abandon(worker);
  }

  async close(): Promise<void> {
    try {
      await this.#pool.close();
    } finally {
      this.#working.close();
    }
  }
}
