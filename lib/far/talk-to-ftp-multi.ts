import { type Clock, systemClock } from '../base/clock.ts';
import { SteadyClock } from '../base/steady-clock.ts';
import type { JobPool } from '../pool/jobs.ts';
import type { JobKind, JobStart } from '../transfer/progress.ts';
import { fromPlain, type TransferError, toPlain } from '../transfer/transfer-error.ts';
import { Alarm } from './alarm.ts';
import type { Call } from './call-queue.ts';
import { Calls } from './calls.ts';
import { Capacity } from './capacity.ts';
import { workerError } from './far-error.ts';
import { Growth, type GrowthRules } from './growth.ts';
import { Presence } from './presence.ts';
import { TalkToFtp } from './talk-to-ftp.ts';
import type {
  Ended,
  Errand,
  NoConnection,
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
  /** How the number of workers that work grows; all of them work from the beginning by default. */
  readonly growth?: GrowthRules;
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
  readonly #capacity: Capacity;
  readonly #growth: Growth | undefined;
  readonly #presence: Presence;
  readonly #calls: Calls;
  readonly #running = new Map<number, Promise<void>>();
  readonly #alarm: Alarm;
  #pumpIsDue = false;
  #closing = false;

  constructor(errand: Errand, pool: TransferPool, surroundings: MultiSurroundings = {}) {
    super(errand);
    this.#pool = pool;
    this.#clock = new SteadyClock(surroundings.clock ?? systemClock);
    const { random = Math.random, patienceMs = Number.POSITIVE_INFINITY, growth } = surroundings;
    this.#calls = new Calls(errand, this.#clock, random);
    const grows = growth && new Growth(growth);
    this.#growth = grows;
    this.#capacity = new Capacity(growth?.most ?? pool.size, random, grows && (() => grows.workers));
    this.#presence = new Presence({ attempts: errand.rules.attempts, patienceMs }, this.events);
    this.#alarm = new Alarm(this.#clock, () => this.#pump());
  }

  /** The first worker is the one that {@link connect} takes. */
  prepare(): void {
    this.#pool.prepare(0);
  }

  override async disconnect(withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#closing = true;
    this.#alarm.off();
    this.#calls.close();
    // Who has no connection has nothing in hand; it may wait long for a server that is away.
    for (const worker of this.#running.keys()) if (!this.#capacity.isConnected(worker)) this.#pool.abandon(worker);
    await this.#untilAllEnded(withinMs);
    await this.#pool.close();
  }

  override perform<Kind extends TransferJob['kind']>(
    job: TransferJob & { readonly kind: Kind },
  ): Promise<TransferValues[Kind]> {
    const done = new Promise<TransferValue>((resolve, reject) => {
      if (this.#closing) reject(this.#calls.closedError());
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
      this.#calls.breakOff();
      for (const worker of this.#running.keys()) this.#pool.abandon(worker);
    };
    if (withinMs !== Number.POSITIVE_INFINITY) void late();
    await Promise.all(this.#running.values());
    ended.abort();
  }

  /**
   * Calls made in one go shall travel together: the pump waits until the caller has made them all, and until the worker whose
   * last call this one follows is free, so that no other one has to log in for it.
   */
  #enqueue(call: Call): void {
    this.#calls.queue.push(call);
    if (this.#pumpIsDue) return;
    this.#pumpIsDue = true;
    setImmediate(() => {
      this.#pumpIsDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#closing) return;
    const now = this.#clock.now();
    const reason = this.#presence.tell(now, this.#running.size > 0);
    if (reason) this.#giveUp(reason);
    do this.#giveOut(now);
    while (this.#growth?.look(now, this.#capacity.isFull && this.#calls.queue.ready(now) > 0));
    const limit = this.#capacity.takeNews();
    if (limit) this.events.emit('limited', limit);
    this.#setAlarm(now);
  }

  /** Give what waits to those who may work; a connection that nobody may use any more is closed. */
  #giveOut(now: number): void {
    for (let { surplus } = this.#capacity; surplus !== undefined; { surplus } = this.#capacity) {
      const worker = surplus;
      this.#begin(worker, () => this.#dismiss(worker));
    }
    while (this.#calls.queue.ready(now) > 0) {
      const worker = this.#capacity.next(now);
      if (worker === undefined) break;
      const calls = this.#calls.queue.take(this.#capacity.connections);
      this.#begin(worker, () => this.#send(worker, calls));
    }
  }

  #begin(worker: number, work: () => Promise<void>): void {
    this.#capacity.begin(worker, this.#clock.now());
    const running = work().finally(() => {
      this.#running.delete(worker);
      this.#capacity.end(worker);
      this.#pump();
    });
    this.#running.set(worker, running);
  }

  /** Look again when there may be something to do although nobody called and no worker told anything. */
  #setAlarm(now: number): void {
    const waiting = this.#calls.queue.ready(now) > 0;
    const at = Math.min(
      this.#calls.queue.readyAt,
      waiting ? this.#capacity.wakesAt : Number.POSITIVE_INFINITY,
      this.#growth?.wakesAt(now) ?? Number.POSITIVE_INFINITY,
      this.#presence.wakesAt(this.#running.size > 0),
    );
    // What is due already waits for a worker, and the end of a batch looks again.
    this.#alarm.set(at, now);
  }

  async #dismiss(worker: number): Promise<void> {
    // Should it fail, its child is gone, and the connection with it.
    await this.#pool.run(worker, 'leave', null, () => undefined).catch(() => null);
    this.#capacity.closed(worker);
  }

  async #send(worker: number, calls: readonly Call[]): Promise<void> {
    const batch: Batch = { worker, open: new Map(calls.map((call) => [call.job.job, call])) };
    const jobs = calls.map(({ job }) => job);
    // What a login takes says nothing about jobs.
    const begun = this.#capacity.isConnected(worker) ? this.#clock.now() : undefined;
    try {
      const without = await this.#pool.run(worker, 'transfer', { ...this.errand, jobs }, (event) =>
        this.#onEvent(event, batch),
      );
      if (without) this.#onNoConnection(without, batch);
      else if (begun !== undefined) this.#calls.queue.took(this.#clock.now() - begun, jobs.length);
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
        this.#onStart(open.get(event.job), event);
        break;
      case 'progress':
        this.#growth?.sent(event.of.job, event.of.bytes);
        this.events.emit('progress', event.of);
        break;
      case 'end':
        this.#onEnd(open.get(event.job), event.end);
        break;
      case 'note':
        this.note(event.of);
        break;
      case 'outcome': {
        const call = open.get(event.job);
        if (event.end) this.#onEnd(call, event.end);
        open.delete(event.job);
        if (event.outcome.ok) this.#capacity.succeeded();
        if (call) this.#calls.settle(call, event.outcome);
      }
    }
  }

  #onStart(call: Call | undefined, { worker, at }: Pick<JobStart, 'worker' | 'at'>): void {
    if (!call) return;
    const { job, kind, path, attempt } = call.job;
    // Only kinds that change the far side are told.
    call.begun = { job, kind: kind as JobKind, path, worker, attempt, at };
    this.events.emit('start', call.begun);
  }

  #onEnd(call: Call | undefined, end: Ended): void {
    if (!call?.begun) return;
    this.#growth?.ended(call.job.job, end.bytes);
    this.events.emit('end', { ...call.begun, ...end });
    call.begun = undefined;
  }

  #onOpened(worker: number): void {
    const now = this.#clock.now();
    this.#capacity.opened(worker, now);
    this.#presence.isThere(now);
    // Those that wait for the server need not wait for the end of this batch.
    this.#pump();
  }

  #onNoConnection({ error, begun }: NoConnection, { worker, open }: Batch): void {
    const last = fromPlain(error);
    const call = begun === undefined ? undefined : open.get(begun);
    if (call) {
      open.delete(call.job.job);
      // The last connection is not taken away for want of room: this job may be the reason, and has so many tries only.
      if (this.#capacity.othersAreConnected(worker)) this.#calls.putBack([{ ...call, lastError: last }]);
      else this.#calls.tryLater(call, last);
    }
    this.#calls.putBack([...open.values()]);
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
      else if (hadConnection) this.#calls.tryLater(call, error);
      else this.#calls.putBack([call]);
    }
    if (mayPass && !hadConnection) this.#onRefused(worker, workerError(cause, ''));
  }

  #onRefused(worker: number, error: TransferError): void {
    const now = this.#clock.now();
    this.#capacity.refused(worker, error.code === 'E_CAPACITY', now);
    if (this.#capacity.isAway && this.#presence.isAway(error, now)) this.#giveUp(error);
  }

  #giveUp(error: TransferError): void {
    this.#capacity.forgetAway();
    this.#calls.giveUp(error);
  }
}
