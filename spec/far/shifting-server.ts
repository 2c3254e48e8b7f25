import type {
  NoConnection,
  TransferBatch,
  TransferEvent,
  TransferJob,
  TransferJobs,
  TransferPool,
  TransferWord,
} from '../../lib/far/transfer-jobs.ts';
import type { ArgumentOf, ResultOf } from '../../lib/pool/jobs.ts';
import { PoolError } from '../../lib/pool/pool-error.ts';
import type { PlainTransferError } from '../../lib/transfer/transfer-error.ts';
import type { ManualClock } from '../support/manual-clock.ts';

const STEP_MS = 100;
const FULL: PlainTransferError = { code: 'E_CAPACITY', message: '421 too many users', retry: true };
/** As long as nobody listens. */
const REFUSED: PlainTransferError = { code: 'E_CONNECT', message: 'connect ECONNREFUSED', retry: true };
const DEAD = new PoolError('E_WORKER', 'The worker ended', { retry: true });
const LOST: PlainTransferError = { code: 'E_LOST', message: 'connection lost', retry: true };

/**
 * Workers and their server as numbers: the server takes so many connections, now more and now fewer, or none at all; and
 * drops them by chance. Nothing is real but the promises and the clock.
 */
export class ShiftingServer implements TransferPool {
  readonly size: number;
  /** How many connections it takes; 0 is full, `undefined` is away. */
  limit: number | undefined;
  /** What it says while it is away. */
  refusal = REFUSED;
  /** Drop a connection during a job? */
  drops: () => boolean = () => false;
  /** Does a worker die, with a job or before it? */
  kills: () => boolean = () => false;
  /** Does a worker not hear what is said to it? */
  misses: () => boolean = () => false;
  /** How often each job was done. */
  readonly done = new Map<string, number>();
  /** How many batches began. */
  batches = 0;
  /** How often somebody was refused. */
  refused = 0;
  /** The most connections at a time so far. */
  mostOpen = 0;
  readonly #clock: ManualClock;
  readonly #open = new Set<number>();
  /** What workers that work have still to do. */
  readonly #waiting = new Map<number, TransferJob[]>();

  constructor(size: number, limit: number | undefined, clock: ManualClock) {
    this.size = size;
    this.limit = limit;
    this.#clock = clock;
  }

  /** Take every connection away. */
  dropAll(): void {
    this.#open.clear();
  }

  run<Name extends keyof TransferJobs & string>(
    worker: number,
    _name: Name,
    batch: ArgumentOf<TransferJobs, Name>,
    onNews: (news: TransferEvent) => void,
  ): Promise<ResultOf<TransferJobs, Name>> {
    if (batch === null) return this.#leave(worker) as Promise<ResultOf<TransferJobs, Name>>;
    const done = this.#transfer(worker, batch, (...events) => events.forEach(onNews)).finally(() =>
      this.#waiting.delete(worker),
    );
    // What each kind of job gives back, the compiler cannot see.
    return done as Promise<ResultOf<TransferJobs, Name>>;
  }

  say(worker: number, jobs: TransferWord): void {
    // Who misses one thing hears of nothing any more, until the end of its batch.
    if (this.misses()) this.#waiting.delete(worker);
    this.#waiting.get(worker)?.push(...jobs);
  }

  prepare(): void {}

  abandon(): void {
    // Nothing here takes long.
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  async #transfer(
    worker: number,
    { jobs }: TransferBatch,
    tell: (...news: readonly TransferEvent[]) => void,
  ): Promise<NoConnection | null> {
    this.batches += 1;
    const waiting = [...jobs];
    this.#waiting.set(worker, waiting);
    for (const { job, kind, path } of waiting) {
      if (kind === 'connect' || kind === 'list' || kind === 'keepsTimes') throw new Error('not in this play');
      await this.#clock.wait(STEP_MS);
      this.#maybeKill(worker);
      const refusal = this.#open.has(worker) ? undefined : this.#connect(worker);
      if (refusal) {
        this.refused += 1;
        tell({ event: 'connection', isOpen: false });
        return { error: refusal };
      }
      tell({ event: 'connection', isOpen: true });
      tell({ event: 'start', job, worker: `${worker}`, at: this.#clock.now() });
      await this.#clock.wait(STEP_MS);
      this.#maybeKill(worker);
      if (!this.#open.has(worker) || this.drops()) {
        this.#open.delete(worker);
        tell(
          { event: 'connection', isOpen: false },
          { event: 'outcome', job, outcome: { ok: false, error: LOST }, end: { bytes: 0, tookMs: 1, error: LOST } },
        );
        continue;
      }
      this.done.set(path, (this.done.get(path) ?? 0) + 1);
      tell({ event: 'outcome', job, outcome: { ok: true, value: null }, end: { bytes: 0, tookMs: 1 } });
    }
    return null;
  }

  async #leave(worker: number): Promise<null> {
    await this.#clock.wait(STEP_MS);
    this.#open.delete(worker);
    return null;
  }

  #maybeKill(worker: number): void {
    if (!this.kills()) return;
    this.#open.delete(worker);
    throw DEAD;
  }

  #connect(worker: number): PlainTransferError | undefined {
    if (this.limit === undefined) return this.refusal;
    if (this.#open.size >= this.limit) return FULL;
    this.#open.add(worker);
    this.mostOpen = Math.max(this.mostOpen, this.#open.size);
    return undefined;
  }
}
