import { PoolError } from '../../pool/pool-error.ts';
import { LaneRow } from './lane-row.ts';
import { ReadError } from './read-error.ts';
import type { PlainReadError, ReadContent, ReadingPool, ReadOutcome } from './reading-jobs.ts';
import { LANES } from './reading-pool.ts';

// Small files of some milliseconds: few enough that news of them come soon, and that their results hold up nobody.
const BATCH = 128;

/** What may be said of a reading. */
export interface ReadingOptions {
  /** Is called with the packed list of more chunks as they are found, of a file that takes longer; in their order. */
  readonly onChunks?: (packed: Uint8Array) => void;
}

/** Reads files in threads, and tells what they are: their chunks, their hashes, and the stamp that belongs to them. */
export class ContentReader {
  readonly #pool: ReadingPool;
  /** Small files have lanes of their own, and wait for no large one. */
  readonly #large: LaneRow;
  readonly #small: LaneRow;
  #closing: Promise<void> | undefined;

  /** @param pool is closed with it */
  constructor(pool: ReadingPool) {
    this.#pool = pool;
    const workers = Array.from({ length: pool.size }, (_, worker) => worker);
    const isLarge = (worker: number) => worker % 2 === 0;
    const threadOf = (worker: number) => Math.floor(worker / LANES);
    this.#large = new LaneRow(workers.filter(isLarge), threadOf);
    this.#small = new LaneRow(
      workers.filter((worker) => !isLarge(worker)),
      threadOf,
    );
  }

  /**
   * Read a file, following links.
   *
   * @throws ReadError E_CHANGED, E_UNREADABLE, E_VANISHED; PoolError E_CLOSED
   */
  async read(path: string, { onChunks }: ReadingOptions = {}): Promise<ReadContent> {
    const job = { path, tells: onChunks !== undefined };
    const outcome = await this.#large.use((worker) =>
      this.#pool.run(worker, 'read', job, (chunks) => onChunks?.(chunks)).catch((error: unknown) => lost(path, error)),
    );
    if (!outcome.ok) throw thrown(outcome.error);
    return { content: outcome.content, stamp: outcome.stamp };
  }

  /**
   * Read files that are small, following links: many of them in one go.
   *
   * @param onRead is told what became of some of them as soon as that is known, and which is the first of those
   * @returns what became of each, in their order
   * @throws PoolError E_CLOSED
   */
  async readMany(
    paths: readonly string[],
    onRead: (outcomes: readonly (ReadContent | ReadError)[], first: number) => void = () => undefined,
  ): Promise<readonly (ReadContent | ReadError)[]> {
    const outcomes: (ReadContent | ReadError)[] = new Array(paths.length);
    let next = 0;
    const readOn = async () => {
      for (let first = next; first < paths.length; first = next) {
        next += BATCH;
        const batch = paths.slice(first, next);
        const read = (await this.#readBatch(batch)).map((outcome) =>
          outcome.ok ? { content: outcome.content, stamp: outcome.stamp } : thrown(outcome.error),
        );
        for (const [index, outcome] of read.entries()) outcomes[first + index] = outcome;
        onRead(read, first);
      }
    };
    // Each stands in the row anew for each batch: whoever comes later is not the last for long.
    await Promise.all(Array.from({ length: this.#pool.size / 2 }, readOn));
    return outcomes;
  }

  /** Break off what is being read, and end the threads. Closing twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  #readBatch(batch: readonly string[]): Promise<readonly ReadOutcome[]> {
    return this.#small.use((worker) =>
      this.#pool
        .run(worker, 'readMany', batch, () => undefined)
        .catch((error: unknown) => batch.map((path) => lost(path, error))),
    );
  }

  #end(): Promise<void> {
    const closing = this.#pool.close();
    // A large file would take minutes, and nobody waits for it any more.
    for (let worker = 0; worker < this.#pool.size; worker += 1) this.#pool.abandon(worker);
    return closing;
  }
}

/** What became of a file whose thread has ended: nobody knows, and it may be read again. */
function lost(path: string, error: unknown): ReadOutcome {
  if (!(error instanceof PoolError && error.code === 'E_WORKER')) throw error;
  return { ok: false, error: { code: 'E_UNREADABLE', message: `${path} was not read: ${error.message}`, retry: true } };
}

function thrown({ code, message, retry }: PlainReadError): ReadError {
  return new ReadError(code, message, { retry });
}
