import { type Clock, systemClock } from '../base/clock.ts';
import { SteadyClock } from '../base/steady-clock.ts';
import { fromPlain, type TransferError } from '../transfer/transfer-error.ts';
import { Alarm } from './alarm.ts';
import { Batch } from './batch.ts';
import type { Call } from './call.ts';
import { CallEvents } from './call-events.ts';
import { Calls } from './calls.ts';
import { Capacity } from './capacity.ts';
import { endWithin } from './end-within.ts';
import { Growth, type GrowthRules } from './growth.ts';
import { Presence } from './presence.ts';
import { TalkToFtp } from './talk-to-ftp.ts';
import type {
  Errand,
  NoConnection,
  TransferEvent,
  TransferJob,
  TransferPool,
  TransferValue,
  TransferValues,
} from './transfer-jobs.ts';
import { workerError } from './worker-error.ts';

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
  readonly #told: CallEvents;
  readonly #running = new Map<number, Promise<void>>();
  readonly #batches = new Set<Batch>();
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
    this.#told = new CallEvents(this.events, grows);
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
    // Who has no connection does nothing, and may wait long for a server that is away. What it had begun is told as broken off.
    for (const worker of this.#running.keys()) if (!this.#capacity.isConnected(worker)) this.#pool.abandon(worker);
    const ending = Promise.all(this.#running.values());
    await endWithin(ending, { clock: this.#clock, withinMs, onLate: () => this.#breakOff() });
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

  #breakOff(): void {
    this.#calls.breakOff();
    for (const worker of this.#running.keys()) this.#pool.abandon(worker);
  }

  #enqueue(call: Call): void {
    this.#calls.queue.push(call);
    this.#pumpSoon();
  }

  /**
   * Calls made in one go shall travel together: the pump waits until the caller has made them all, and until the worker whose
   * last call this one follows is free, so that no other one has to log in for it.
   */
  #pumpSoon(): void {
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
    for (const batch of this.#batches) this.#giveMore(batch, now);
  }

  /** The end of a batch costs round trips: a worker has its next calls before it is done with those that it has. */
  #giveMore(batch: Batch, now: number): void {
    const { queue } = this.#calls;
    if (!this.#capacity.goesOn(batch.worker) || !batch.isShort(queue.few(this.#capacity.connections))) return;
    const calls = queue.takeLight(this.#capacity.connections);
    if (calls.length === 0) return;
    queue.learnFrom(batch, now);
    batch.add(calls);
    this.#pool.say(
      batch.worker,
      calls.map(({ job }) => job),
    );
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
    const since = this.#capacity.isConnected(worker) ? this.#clock.now() : undefined;
    const batch = new Batch(worker, calls, since);
    const jobs = calls.map(({ job }) => job);
    this.#batches.add(batch);
    try {
      const without = await this.#pool.run(worker, 'transfer', { ...this.errand, jobs }, (event) =>
        this.#onEvent(event, batch),
      );
      if (without) this.#onNoConnection(without, batch);
      else this.#calls.endOf(batch);
    } catch (error) {
      this.#onLostWorker(error, batch);
    } finally {
      this.#batches.delete(batch);
    }
  }

  #onEvent(event: TransferEvent, batch: Batch): void {
    const call = 'job' in event ? batch.open.get(event.job) : undefined;
    switch (event.event) {
      case 'connection':
        if (event.isOpen) this.#onOpened(batch);
        else this.#capacity.closed(batch.worker);
        break;
      case 'start':
        if (call) this.#told.start(call, event);
        break;
      case 'progress':
        this.#told.progress(event.of);
        break;
      case 'end':
        if (call) this.#told.end(call, event.end);
        break;
      case 'note':
        this.note(event.of);
        break;
      case 'outcome':
        if (call) this.#onOutcome(call, event, batch);
    }
  }

  #onOutcome(call: Call, { outcome, end }: TransferEvent & { readonly event: 'outcome' }, batch: Batch): void {
    if (end) this.#told.end(call, end);
    if (outcome.ok) this.#capacity.succeeded();
    batch.settled(call);
    if (batch.isShort(this.#calls.queue.few(this.#capacity.connections))) this.#pumpSoon();
    this.#calls.settle(call, outcome);
  }

  #onOpened(batch: Batch): void {
    const now = this.#clock.now();
    batch.opened(now);
    this.#capacity.opened(batch.worker, now);
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
      this.#told.lost(call, error);
      if (!mayPass) call.reject(error);
      else if (hadConnection || call.begun) this.#calls.tryLater(call, error);
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
