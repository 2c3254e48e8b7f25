import { type Clock, systemClock } from '../base/clock.ts';
import { delayBefore } from '../base/retry.ts';
import { SteadyClock } from '../base/steady-clock.ts';
import type { JobPool } from '../pool/jobs.ts';
import { fromPlain, TransferError, toPlain } from '../transfer/transfer-error.ts';
import { Alarm } from './alarm.ts';
import { brokenAt, type Call, CallQueue, nextTry, setBegun } from './call-queue.ts';
import { Capacity } from './capacity.ts';
import { classOfJob } from './failure-class.ts';
import { workerError } from './far-error.ts';
import { Presence } from './presence.ts';
import { retryRules } from './retry-rules.ts';
import { TalkToFtp } from './talk-to-ftp.ts';
import type {
  Errand,
  NoConnection,
  Outcome,
  TransferEvent,
  TransferJob,
  TransferJobs,
  TransferValue,
  TransferValues,
} from './transfer-jobs.ts';

/** The pool that {@link TalkToFtpMulti} works with. */
export type TransferPool = JobPool<TransferJobs, TransferEvent>;

/** What {@link TalkToFtpMulti} takes from around it; all of it has a default. */
export interface MultiSurroundings {
  readonly clock?: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random?: () => number;
  /** How long calls wait for a server that was there before and is away, in milliseconds; without limit by default. */
  readonly patienceMs?: number;
}

/** One batch with a worker: its calls that have no outcome yet, by job. */
interface Batch {
  readonly worker: number;
  readonly open: Map<number, Call>;
}

/**
 * A far side spoken to over FTP by a pool of workers: each call is a job in a child process, a thread, or a connection of
 * its own, and none of them runs inline.
 *
 * Jobs travel in batches and come back one by one, as soon as they are done; one that fails in a way that may pass waits
 * its time in the queue, and the others go on. How many workers work is learnt from the server, and when it is away the
 * calls wait: see docs/decisions/0025-capacity-is-learnt.md and 0026-a-server-that-is-away.md.
 *
 * It takes the pool over: `disconnect` closes it.
 */
export class TalkToFtpMulti extends TalkToFtp {
  readonly #pool: TransferPool;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #capacity: Capacity;
  readonly #presence: Presence;
  readonly #queue = new CallQueue();
  readonly #running = new Map<number, Promise<void>>();
  readonly #alarm: Alarm;
  #pumpIsDue = false;
  #closing = false;
  /** Is what is under way broken off, since it was given so much time and no more? */
  #isLate = false;

  constructor(errand: Errand, pool: TransferPool, surroundings: MultiSurroundings = {}) {
    super(errand);
    this.#pool = pool;
    this.#clock = new SteadyClock(surroundings.clock ?? systemClock);
    this.#random = surroundings.random ?? Math.random;
    this.#capacity = new Capacity(pool.size, this.#random);
    const { patienceMs = Number.POSITIVE_INFINITY } = surroundings;
    this.#presence = new Presence({ attempts: errand.rules.attempts, patienceMs }, this.events);
    this.#alarm = new Alarm(this.#clock, () => this.#pump());
  }

  override async disconnect(withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#closing = true;
    this.#alarm.off();
    for (const call of this.#queue.takeAll()) this.#refuse(call);
    // Who has no connection has nothing in hand; it may wait long for a server that is away.
    for (const worker of this.#running.keys()) if (!this.#capacity.isConnected(worker)) this.#pool.abandon(worker);
    await this.#untilAllEnded(withinMs);
    await this.#pool.close();
  }

  override perform<Kind extends TransferJob['kind']>(
    job: TransferJob & { readonly kind: Kind },
  ): Promise<TransferValues[Kind]> {
    const done = new Promise<TransferValue>((resolve, reject) => {
      if (this.#closing) reject(this.#closedError());
      else this.#enqueue({ job, resolve, reject });
    });
    // What came through IPC is what the worker's attempt returned for this very kind.
    return done as Promise<TransferValues[Kind]>;
  }

  async #untilAllEnded(withinMs: number): Promise<void> {
    const ended = new AbortController();
    const late = async () => {
      await this.#clock.wait(withinMs, ended.signal);
      if (ended.signal.aborted) return;
      this.#isLate = true;
      for (const worker of this.#running.keys()) this.#pool.abandon(worker);
    };
    if (withinMs !== Number.POSITIVE_INFINITY) void late();
    await Promise.all(this.#running.values());
    ended.abort();
  }

  /** Calls made in one go shall travel together: the pump waits until the caller has made them all. */
  #enqueue(call: Call): void {
    this.#queue.push(call);
    if (this.#pumpIsDue) return;
    this.#pumpIsDue = true;
    queueMicrotask(() => {
      this.#pumpIsDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#closing) return;
    const now = this.#clock.now();
    const reason = this.#presence.tell(now, this.#running.size > 0);
    if (reason) this.#giveUp(reason);
    while (this.#queue.ready(now) > 0) {
      const worker = this.#capacity.next(now);
      if (worker === undefined) break;
      this.#begin(worker, this.#queue.take(this.#capacity.connections));
    }
    const limit = this.#capacity.takeNews();
    if (limit) this.events.emit('limited', limit);
    this.#setAlarm(now);
  }

  #begin(worker: number, calls: readonly Call[]): void {
    this.#capacity.begin(worker, this.#clock.now());
    const running = this.#send(worker, calls).finally(() => {
      this.#running.delete(worker);
      this.#capacity.end(worker);
      this.#pump();
    });
    this.#running.set(worker, running);
  }

  /** Look again when there may be something to do although nobody called and no worker told anything. */
  #setAlarm(now: number): void {
    const waiting = this.#queue.ready(now) > 0;
    const at = Math.min(
      this.#queue.readyAt,
      waiting ? this.#capacity.wakesAt : Number.POSITIVE_INFINITY,
      this.#presence.wakesAt(this.#running.size > 0),
    );
    // What is due already waits for a worker, and the end of a batch looks again.
    this.#alarm.set(at, now);
  }

  async #send(worker: number, calls: readonly Call[]): Promise<void> {
    const batch: Batch = { worker, open: new Map(calls.map((call) => [call.job.job, call])) };
    const jobs = calls.map(({ job }) => job);
    try {
      const without = await this.#pool.run(worker, 'transfer', { ...this.errand, jobs }, (event) =>
        this.#onEvent(event, batch),
      );
      if (without) this.#onNoConnection(without, batch);
    } catch (error) {
      this.#onLostWorker(error, batch);
    }
  }

  #onEvent(event: TransferEvent, { worker, open }: Batch): void {
    switch (event.event) {
      case 'connection':
        if (event.isOpen) this.#onOpened(worker);
        else this.#capacity.closed(worker);
        break;
      case 'start':
        setBegun(open.get(event.of.job), event.of);
        this.events.emit('start', event.of);
        break;
      case 'progress':
        this.events.emit('progress', event.of);
        break;
      case 'end':
        setBegun(open.get(event.of.job), undefined);
        this.events.emit('end', event.of);
        break;
      case 'note':
        this.note(event.of);
        break;
      case 'outcome': {
        const call = open.get(event.job);
        open.delete(event.job);
        if (call) this.#settle(call, event.outcome);
      }
    }
  }

  #onOpened(worker: number): void {
    const now = this.#clock.now();
    this.#capacity.opened(worker, now);
    this.#presence.isThere(now);
    // Those that wait for the server need not wait for the end of this batch.
    this.#pump();
  }

  #settle(call: Call, outcome: Outcome): void {
    if (outcome.ok) {
      this.#capacity.succeeded();
      call.resolve(outcome.value);
    } else if (classOfJob(outcome.error) === 'transient') {
      this.#tryLater(brokenAt(call, outcome.broken), fromPlain(outcome.error));
    } else {
      call.reject(fromPlain(outcome.error));
    }
  }

  /** Within the budget of tries, and behind the others, so that one bad file holds up nobody. */
  #tryLater(call: Call, lastError: TransferError): void {
    const rules = retryRules(this.errand);
    const again = nextTry(call, lastError);
    const delayMs = delayBefore(again.job.attempt, rules, this.#random);
    if (this.#isLate) call.reject(this.#lateError(lastError));
    else if (this.#closing || again.job.attempt > rules.attempts) call.reject(lastError);
    else this.#queue.pushLater(again, this.#clock.now() + delayMs);
  }

  #onNoConnection({ error, begun }: NoConnection, { worker, open }: Batch): void {
    const last = fromPlain(error);
    const call = begun === undefined ? undefined : open.get(begun);
    if (call) {
      open.delete(call.job.job);
      // The last connection is not taken away for want of room: this job may be the reason, and has so many tries only.
      if (this.#capacity.othersAreConnected(worker)) this.#putBack([{ ...call, lastError: last }]);
      else this.#tryLater(call, last);
    }
    this.#putBack([...open.values()]);
    this.#onRefused(worker, last);
  }

  /** Nobody knows how far its jobs got; all of them may be done twice, so they go to another worker. */
  #onLostWorker(cause: unknown, { worker, open }: Batch): void {
    const mayPass = workerError(cause, '').retry;
    const hadConnection = this.#capacity.isConnected(worker);
    this.#capacity.closed(worker);
    for (const call of open.values()) {
      const error = workerError(cause, `: ${call.job.kind} ${call.job.path}`);
      if (call.begun) this.events.emit('end', { ...call.begun, bytes: 0, tookMs: 0, error: toPlain(error) });
      if (!mayPass) call.reject(error);
      else if (hadConnection) this.#tryLater(call, error);
      else this.#putBack([call]);
    }
    if (mayPass && !hadConnection) this.#onRefused(worker, workerError(cause, ''));
  }

  #putBack(calls: readonly Call[]): void {
    if (this.#closing) for (const call of calls) this.#refuse(call);
    else this.#queue.putBack(calls);
  }

  #onRefused(worker: number, error: TransferError): void {
    const now = this.#clock.now();
    this.#capacity.refused(worker, error.code === 'E_CAPACITY', now);
    if (this.#capacity.isAway && this.#presence.isAway(error, now)) this.#giveUp(error);
  }

  /** No connection will be opened: all that waits fails, and with an error that says that the rest would, too. */
  #giveUp({ code, message, retry, reply }: TransferError): void {
    this.#capacity.forgetAway();
    const fatal = new TransferError(code, message, { retry, fatal: true, ...(reply === undefined ? {} : { reply }) });
    for (const call of this.#queue.takeAll()) call.reject(fatal);
  }

  /** Only a call that no worker ever began was surely not done. */
  #refuse(call: Call): void {
    call.reject(call.lastError ?? this.#closedError());
  }

  /** How it ended says nothing about it: we ended it. */
  #lateError(cause: TransferError): TransferError {
    const { code, retry } = cause;
    return new TransferError(code, 'Broken off, since it took longer than it was given to end', { retry, cause });
  }

  #closedError(): TransferError {
    return new TransferError('E_CLOSED', `The connections to ${this.site.host} were closed before this was begun`);
  }
}
