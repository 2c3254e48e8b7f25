import { messageOf } from '../base/coded-error.ts';
import type { JobPool } from '../pool/jobs.ts';
import { PoolError } from '../pool/pool-error.ts';
import type { JobStart } from '../transfer/progress.ts';
import { fromPlain, TransferError, toPlain } from '../transfer/transfer-error.ts';
import { takeBatch } from './take-batch.ts';
import { TalkToFtp } from './talk-to-ftp.ts';
import type {
  Errand,
  Outcome,
  TransferEvent,
  TransferJob,
  TransferJobs,
  TransferNews,
  TransferValue,
  TransferValues,
} from './transfer-jobs.ts';

/** The pool that {@link TalkToFtpMulti} works with. */
export type TransferPool = JobPool<TransferJobs, TransferNews>;

/** A call on its way: from the queue to a worker and, when that dies, back into the queue. */
interface Call {
  job: TransferJob;
  /** The start that a worker told, until it tells the end. */
  begun?: JobStart | undefined;
  readonly resolve: (value: TransferValue) => void;
  readonly reject: (error: TransferError) => void;
}

/**
 * A far side spoken to over FTP by a pool of workers: each call is a job in a child process, a thread, or a connection of
 * its own, and none of them runs inline.
 *
 * Jobs travel in batches and come back one by one, as soon as they are done. It takes the pool over: `disconnect` closes it.
 */
export class TalkToFtpMulti extends TalkToFtp {
  readonly #pool: TransferPool;
  readonly #waiting: Call[] = [];
  readonly #running = new Set<Promise<void>>();
  #pumpIsDue = false;
  #closing = false;

  constructor(errand: Errand, pool: TransferPool) {
    super(errand);
    this.#pool = pool;
  }

  override async connect(): Promise<boolean> {
    if (this.#closing) throw this.#closedError();
    this.beginTrash();
    const outcome = await this.#pool.run('connect', this.errand, () => undefined).catch(lostWorker);
    if (!outcome.ok) throw fromPlain(outcome.error);
    return outcome.value === true;
  }

  override async disconnect(): Promise<void> {
    this.#closing = true;
    for (const call of this.#waiting.splice(0)) call.reject(this.#errorOfUntried(call));
    await Promise.all(this.#running);
    await this.#pool.close();
  }

  override perform<Kind extends TransferJob['kind']>(
    job: TransferJob & { readonly kind: Kind },
  ): Promise<TransferValues[Kind]> {
    const done = new Promise<TransferValue>((resolve, reject) => {
      if (this.#closing) reject(this.#closedError());
      else this.#enqueue({ job, resolve, reject });
    });
    // What came through IPC is what the worker's perform returned for this very kind.
    return done as Promise<TransferValues[Kind]>;
  }

  /** Calls made in one go shall travel together: the pump waits until the caller has made them all. */
  #enqueue(call: Call): void {
    this.#waiting.push(call);
    if (this.#pumpIsDue) return;
    this.#pumpIsDue = true;
    queueMicrotask(() => {
      this.#pumpIsDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#running.size < this.#pool.size && this.#waiting.length > 0) {
      const calls = takeBatch(this.#waiting, this.#pool.size);
      const running: Promise<void> = this.#send(calls).finally(() => {
        this.#running.delete(running);
        this.#pump();
      });
      this.#running.add(running);
    }
  }

  async #send(calls: readonly Call[]): Promise<void> {
    const open = new Map(calls.map((call) => [call.job.job, call]));
    const jobs = calls.map(({ job }) => job);
    try {
      await this.#pool.run('transfer', { ...this.errand, jobs }, (news) => {
        for (const event of news) this.#onEvent(event, open);
      });
    } catch (error) {
      for (const call of open.values()) this.#onLostWorker(call, error);
    }
  }

  #onEvent(event: TransferEvent, open: Map<number, Call>): void {
    switch (event.event) {
      case 'start': {
        const call = open.get(event.of.job);
        if (call) call.begun = event.of;
        this.events.emit('start', event.of);
        break;
      }
      case 'progress':
        this.events.emit('progress', event.of);
        break;
      case 'end': {
        const call = open.get(event.of.job);
        if (call) call.begun = undefined;
        this.events.emit('end', event.of);
        break;
      }
      case 'note':
        this.note(event.of);
        break;
      case 'outcome':
        settle(open.get(event.job), event.outcome);
        open.delete(event.job);
    }
  }

  /** Nobody knows how far the job got; all of them may be done twice, so it goes to another worker. */
  #onLostWorker(call: Call, cause: unknown): void {
    const mayPass = cause instanceof PoolError && cause.retry;
    const error = new TransferError('E_WORKER', `${messageOf(cause)}: ${call.job.kind} ${call.job.path}`, {
      retry: mayPass,
      cause,
    });
    if (call.begun) {
      this.events.emit('end', { ...call.begun, bytes: 0, tookMs: 0, error: toPlain(error) });
      call.begun = undefined;
    }
    if (mayPass && !this.#closing && call.job.attempt < this.errand.rules.attempts) {
      this.#enqueue({ ...call, job: { ...call.job, attempt: call.job.attempt + 1 } });
    } else {
      call.reject(error);
    }
  }

  /** A job that a worker died with may have been done: only one that no worker ever had was surely not begun. */
  #errorOfUntried({ job }: Call): TransferError {
    if (job.attempt === 1) return this.#closedError();
    return new TransferError('E_WORKER', `Closed before another worker could try again: ${job.kind} ${job.path}`);
  }

  #closedError(): TransferError {
    return new TransferError('E_CLOSED', `The connections to ${this.site.host} were closed before this was begun`);
  }
}

function settle(call: Call | undefined, outcome: Outcome): void {
  if (outcome.ok) call?.resolve(outcome.value);
  else call?.reject(fromPlain(outcome.error));
}

function lostWorker(cause: unknown): Outcome {
  return { ok: false, error: { code: 'E_WORKER', message: messageOf(cause), retry: true } };
}
