import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../base/clock.ts';
import { retry } from '../base/retry.ts';
import { nameOf } from '../files/directory.ts';
import type { Site } from '../ftp/site.ts';
import type { JobStart, TransferEvents, TransferNote } from '../transfer/progress.ts';
import { TransferError, toPlain } from '../transfer/transfer-error.ts';
import type { FarEntry, Transport, Upload, Uploaded } from '../transfer/transport.ts';
import { assertCarriable } from './carriable.ts';
import { makeFolder, removeFile, removeFolder } from './change-entry.ts';
import { FtpConnection } from './ftp-connection.ts';
import { assertKeepsName, useOf } from './kept-name.ts';
import { Line } from './line.ts';
import { listFolder } from './list-folder.ts';
import { moveToTrash, trashFolder } from './move-to-trash.ts';
import { Moved } from './moved.ts';
import { retryRules } from './retry-rules.ts';
import { sendFile } from './send-file.ts';
import { askAgain, noHabits, sendingRules, triesBefore } from './sending.ts';
import { findTimeWay } from './set-time.ts';
import { isTemporaryName, temporaryPath } from './temporary-name.ts';
import type { BrokenTry, Errand, JobNumbers, TransferJob, TransferValue, TransferValues } from './transfer-jobs.ts';

/** What {@link TalkToFtp} takes from around it; all of it has a default. */
export interface TalkSurroundings {
  readonly clock?: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random?: () => number;
  /** How the log names who does the work. */
  readonly worker?: string;
}

/**
 * A far side spoken to over FTP: one connection, one job at a time, in the process of the caller.
 *
 * A connection that broke, or that the server closed while nothing was to do, is opened again by the next job.
 */
export class TalkToFtp implements Transport {
  readonly events = new EventEmitter<TransferEvents>();
  /** Told when there is a connection, and when there is none any more. */
  onConnection: (isOpen: boolean) => void = () => undefined;
  protected readonly errand: Errand;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #worker: string;
  readonly #line: Line;
  readonly #habits = noHabits();
  #connection: FtpConnection | undefined;
  #toldOpen = false;
  /** Had the far root to be made by a connection since that was asked for? */
  #madeRoot = false;
  #turn: Promise<unknown> = Promise.resolve();
  #jobs = 0;
  /** The time that the folder in the trash is named after. */
  #trashOf = 0;
  readonly #noted = new Set<TransferNote>();
  readonly #closing = new AbortController();
  /** Aborted when what is under way is not even finished. */
  readonly #broken = new AbortController();

  constructor(errand: Errand, surroundings: TalkSurroundings = {}) {
    this.errand = errand;
    this.#clock = surroundings.clock ?? systemClock;
    this.#line = new Line(errand, this.#clock, this.#broken.signal);
    this.#random = surroundings.random ?? Math.random;
    this.#worker = surroundings.worker ?? 'connection 1';
  }

  get site(): Site {
    return this.errand.site;
  }

  connect(): Promise<boolean> {
    this.beginTrash();
    return this.perform({ ...this.nextJob(), kind: 'connect', path: '' });
  }

  async disconnect(): Promise<void> {
    this.#closing.abort();
    await this.#turn.catch(() => undefined);
    this.#connection?.close();
    this.#connection = undefined;
    this.#line.close();
  }

  /** Break off what is under way, and begin nothing more. */
  abandon(): void {
    this.#closing.abort();
    this.#broken.abort();
    this.#connection?.close();
  }

  async mkdir(path: string): Promise<void> {
    await this.perform({ ...this.nextJob(), kind: 'mkdir', path });
  }

  async rmdir(path: string): Promise<void> {
    await this.perform({ ...this.nextJob(), kind: 'rmdir', path });
  }

  async remove(path: string): Promise<void> {
    const { trash, pairId } = this.errand.rules;
    const isKept = trash !== undefined && !isTemporaryName(pairId, nameOf(path));
    const kept = isKept ? { trash: trashFolder(trash, this.#trashOf) } : {};
    await this.perform({ ...this.nextJob(), kind: 'remove', path, ...kept });
  }

  upload(upload: Upload): Promise<Uploaded> {
    return this.perform({ ...this.nextJob(), kind: 'upload', path: upload.path, upload });
  }

  temporaryOf({ path, ...version }: Pick<Upload, 'path' | 'size' | 'mtimeMs'>): string {
    return temporaryPath(this.errand.rules.pairId, path, version);
  }

  resumes(size: number): boolean {
    return size >= sendingRules(this.errand.rules).resumeAbove;
  }

  list(path: string): Promise<readonly FarEntry[]> {
    return this.perform({ ...this.nextJob(), kind: 'list', path });
  }

  keepsTimes(path: string, mtimeMs: number): Promise<boolean> {
    return this.perform({ ...this.nextJob(), kind: 'keepsTimes', path, mtimeMs });
  }

  /**
   * Do one call when its turn comes; failures that may pass are tried again.
   *
   * Every call comes down to this one: a subclass that overrides it moves the work elsewhere.
   */
  async perform<Kind extends TransferJob['kind']>(
    job: TransferJob & { readonly kind: Kind },
  ): Promise<TransferValues[Kind]> {
    assertCarriable(job.path);
    // The kinds of jobs and of values belong together in TransferValues, which the compiler cannot follow into a switch.
    return this.#inTurn(() => this.#tellOf(job, (moved) => this.#tryAndTryAgain(job, moved))) as Promise<
      TransferValues[Kind]
    >;
  }

  /** Have a connection, so that what fails after this is the job's own failure. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#open();
    });
  }

  /** Do one call when its turn comes, and try it once only: for who decides himself what is tried again. */
  attempt(job: TransferJob): Promise<TransferValue> {
    assertCarriable(job.path);
    return this.#inTurn(() => this.#tellOf(job, (moved) => this.#try(job, moved)));
  }

  /** How far the last try to send the file at this path got, if it broke off. */
  brokenTry(path: string): BrokenTry | undefined {
    return this.#connection && this.#habits.broken.get(this.#connection.absolute(path));
  }

  /** What is removed from now on is kept in a folder of its own. */
  protected beginTrash(): void {
    this.#trashOf = this.#clock.now();
  }

  /** Tell it, unless it was told already: each worker of a pool finds it out. */
  protected note(note: TransferNote): void {
    if (this.#noted.has(note)) return;
    this.#noted.add(note);
    this.events.emit('note', note);
  }

  /** Numbers for the next call. */
  protected nextJob(): JobNumbers {
    this.#jobs += 1;
    return { job: this.#jobs, attempt: 1 };
  }

  /** The library closes a connection on which two things are begun at once. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(() => {
      if (this.#closing.signal.aborted) throw this.#closedError();
      return work();
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #closedError(): TransferError {
    return new TransferError('E_CLOSED', `The connection to ${this.site.host} was closed before this was begun`);
  }

  async #connect(connection: FtpConnection): Promise<boolean> {
    const madeRoot = this.#madeRoot;
    this.#madeRoot = false;
    if (madeRoot || !this.errand.rules.makesRoot) return madeRoot;
    try {
      return await connection.makeRoot();
    } catch (error) {
      // One that broke while nothing was to do shows it only now.
      if (!connection.closed) throw error;
      const { madeRoot: isNew } = await this.#open();
      this.#madeRoot = false;
      return isNew;
    }
  }

  async #open(): Promise<FtpConnection> {
    if (!this.#connection || this.#connection.closed) {
      this.#tellConnection();
      if (this.#broken.signal.aborted) throw this.#closedError();
      this.#connection = await FtpConnection.open(this.errand, this.#line, this.#broken.signal);
      askAgain(this.#habits);
      this.#madeRoot ||= this.#connection.madeRoot;
      this.#tellConnection();
    }
    return this.#connection;
  }

  #tellConnection(): void {
    const isOpen = this.#connection?.closed === false;
    if (isOpen === this.#toldOpen) return;
    this.#toldOpen = isOpen;
    this.onConnection(isOpen);
  }

  async #tellOf(job: TransferJob, work: (moved: Moved) => Promise<TransferValue>): Promise<TransferValue> {
    if (job.kind === 'connect' || job.kind === 'list' || job.kind === 'keepsTimes') return work(new Moved());
    const at = this.#clock.now();
    const { job: number, kind, path, attempt } = job;
    const begun: JobStart = { job: number, kind, path, worker: this.#worker, attempt, at };
    const moved = new Moved();
    this.events.emit('start', begun);
    try {
      const value = await work(moved);
      this.events.emit('end', { ...begun, ...moved.told, tookMs: this.#clock.now() - at });
      return value;
    } catch (error) {
      this.events.emit('end', { ...begun, ...moved.told, tookMs: this.#clock.now() - at, error: toPlain(error) });
      throw error;
    }
  }

  #tryAndTryAgain(job: TransferJob, moved: Moved): Promise<TransferValue> {
    return retry(
      () => this.#try(job, moved),
      retryRules(this.errand),
      // Who disconnects does not wait for a server to come back: the last failure is told at once.
      { clock: this.#clock, random: this.#random, signal: this.#closing.signal },
    );
  }

  async #try(job: TransferJob, moved: Moved): Promise<TransferValue> {
    moved.begin(0);
    const connection = await this.#open();
    try {
      await assertKeepsName(connection, { path: job.path, use: useOf(job.kind), pairId: this.errand.rules.pairId });
      return await this.#once(job, connection, moved);
    } catch (error) {
      // After 421 the server closes the connection (RFC 959 section 5.4); what is full shall not keep one either.
      if (error instanceof TransferError && (error.reply === 421 || error.code === 'E_CAPACITY')) connection.close();
      throw error;
    } finally {
      this.#tellConnection();
    }
  }

  async #once(job: TransferJob, connection: FtpConnection, moved: Moved): Promise<TransferValue> {
    switch (job.kind) {
      case 'connect':
        return this.#connect(connection);
      case 'mkdir':
        return makeFolder(connection, job.path);
      case 'rmdir':
        return removeFolder(connection, job.path, this.errand.rules.pairId);
      case 'remove':
        return job.trash === undefined
          ? removeFile(connection, job.path)
          : moveToTrash(connection, job.path, job.trash);
      case 'list':
        return listFolder(connection, job.path, this.errand.rules.pairId);
      case 'keepsTimes':
        return (await findTimeWay(connection, connection.absolute(job.path), job.mtimeMs)) !== 'none';
      case 'upload':
        return sendFile(job.upload, {
          ...{ connection, habits: this.#habits, ...sendingRules(this.errand.rules), ...triesBefore(job) },
          onNote: (note) => this.note(note),
          onBegin: (at) => moved.begin(at),
          onBytes: (bytes) => this.#onBytes(job.job, bytes, moved),
        });
    }
  }

  #onBytes(job: number, bytes: number, moved: Moved): void {
    if (bytes === moved.bytes) return;
    moved.bytes = bytes;
    this.events.emit('progress', { ...moved.told, job, bytes: moved.resumedAt + bytes });
  }
}
