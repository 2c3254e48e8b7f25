import type { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../base/clock.ts';
import type { TransferEvents, TransferNote } from '../transfer/progress.ts';
import { TransferError } from '../transfer/transfer-error.ts';
import { assertCarriable } from './carriable.ts';
import { makeFolder, removeFolder } from './change-entry.ts';
import { closedError } from './closed-error.ts';
import { OutOfStep } from './expected-answer.ts';
import { fetchFile } from './fetch-file.ts';
import { FtpConnection } from './ftp-connection.ts';
import { JobReport, type Reporting } from './job-report.ts';
import { assertKeepsName, useOf } from './kept-name.ts';
import { Line } from './line.ts';
import { listFolder, surveyFolder } from './list-folder.ts';
import { removeKnown } from './remove-known.ts';
import { sendFile } from './send-file.ts';
import { askAgain, noHabits, type Sending, sendingRules, triesBefore } from './sending.ts';
import { findTimeWay } from './set-time.ts';
import type { BrokenTry, Errand, TransferJob, TransferValue } from './transfer-jobs.ts';

// What is refused is done once more in the plain way. Where that is much, the plain way alone is the shorter one.
const MOST_REFUSALS = 5;

/** What a {@link FarSession} takes from around it. */
export interface SessionSurroundings {
  /** Where is told what is done, and what the far side cannot do. */
  readonly events: EventEmitter<TransferEvents>;
  readonly clock?: Clock;
  /** How the log names who does the work. */
  readonly worker?: string;
  /** Told what is said on the control connection, but for passwords. */
  readonly onSaid?: (text: string) => void;
}

/**
 * One connection to a far side after the other, what they have shown of it, and the doing of jobs on them, each tried once.
 *
 * A connection that broke, or that the server closed while nothing was to do, is opened again by the next job. One thing is
 * done at a time: who shares it takes turns.
 */
export class FarSession {
  /** Told when there is a connection, and when there is none any more. */
  onConnection: (isOpen: boolean) => void = () => undefined;
  readonly errand: Errand;
  readonly habits = noHabits();
  readonly #reporting: Reporting;
  readonly #noted = new Set<TransferNote>();
  readonly #line: Line;
  #connection: FtpConnection | undefined;
  #toldOpen = false;
  /** Had the far root to be made by a connection since that was asked for? */
  #madeRoot = false;
  /** Aborted when what is under way is not even finished. */
  readonly #broken = new AbortController();

  constructor(errand: Errand, { events, clock = systemClock, worker = 'connection 1', onSaid }: SessionSurroundings) {
    this.errand = errand;
    this.#reporting = { events, clock, worker };
    this.#line = new Line(errand, clock, this.#broken.signal);
    if (onSaid) this.#line.onSaid = onSaid;
  }

  /** Nothing may be under way any more. */
  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#line.close();
  }

  /** Break off what is under way, and open nothing any more. */
  abandon(): void {
    this.#broken.abort();
    this.#connection?.close();
  }

  /** Have a connection. @throws TransferError when there is none to be had */
  async open(): Promise<FtpConnection> {
    if (!this.#connection || this.#connection.closed) {
      this.#tellConnection();
      if (this.#broken.signal.aborted) throw closedError(this.errand);
      this.#connection = await FtpConnection.open(this.errand, this.#line, this.#broken.signal);
      if (this.#line.ahead === 'fails') this.note('no-pipeline');
      askAgain(this.habits);
      this.#madeRoot ||= this.#connection.madeRoot;
      this.#tellConnection();
    }
    return this.#connection;
  }

  /** Begin the report of a job. */
  report(job: TransferJob): JobReport {
    return new JobReport(job, this.#reporting);
  }

  /**
   * Do a job, trying once, and report it.
   *
   * @param begun its report, when that is begun already
   * @throws TransferError
   */
  async do(job: TransferJob, begun?: JobReport): Promise<TransferValue> {
    assertCarriable(job.path);
    const report = begun ?? this.report(job);
    try {
      const value = await this.try(job, report);
      report.end();
      return value;
    } catch (error) {
      report.end(error);
      throw error;
    }
  }

  /** Do a job, trying once; who calls ends the report. */
  async try(job: TransferJob, report: JobReport): Promise<TransferValue> {
    report.moved.begin(0);
    const connection = await this.open();
    try {
      await assertKeepsName(connection, { path: job.path, use: useOf(job.kind), pairId: this.errand.rules.pairId });
      return await this.#once(job, connection, report);
    } catch (error) {
      // After 421 the server closes the connection (RFC 959 section 5.4); what is full shall not keep one either.
      if (error instanceof TransferError && (error.reply === 421 || error.code === 'E_CAPACITY')) connection.close();
      throw error;
    } finally {
      this.#tellConnection();
    }
  }

  /** May commands be sent ahead of the answers to those before, as far as the user and the server have shown? */
  mayGoAhead({ sendsAhead }: FtpConnection): boolean {
    const { limits } = this.errand.rules;
    const isLimited = limits?.bandwidth !== undefined || limits?.commandsPerSecond !== undefined;
    const { isOutOfStep, refusals } = this.habits;
    return sendsAhead && !isLimited && !isOutOfStep && refusals < MOST_REFUSALS;
  }

  /**
   * What the failure of commands that were sent ahead shows of the server.
   *
   * @returns whether it is one of sending ahead only: what was asked can be asked once more, one by one
   */
  learnFrom(error: TransferError): boolean {
    if (error instanceof OutOfStep) {
      this.habits.isOutOfStep = true;
      this.note('no-pipeline');
      return true;
    }
    if (error.code === 'E_DATA') this.habits.refusedPorts += 1;
    // A data connection that is not trusted is nothing that the other files under way can help.
    return error.code === 'E_DATA' || error.code === 'E_TLS';
  }

  /** How far the last try to send the file at this path got, if it broke off. */
  brokenTry(path: string): BrokenTry | undefined {
    return this.#connection && this.habits.broken.get(this.#connection.absolute(path));
  }

  /** Tell it, unless it was told already. */
  note(note: TransferNote): void {
    if (this.#noted.has(note)) return;
    this.#noted.add(note);
    this.#reporting.events.emit('note', note);
  }

  #tellConnection(): void {
    const isOpen = this.#connection?.closed === false;
    if (isOpen === this.#toldOpen) return;
    this.#toldOpen = isOpen;
    this.onConnection(isOpen);
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
      const { madeRoot: isNew } = await this.open();
      this.#madeRoot = false;
      return isNew;
    }
  }

  async #once(job: TransferJob, connection: FtpConnection, report: JobReport): Promise<TransferValue> {
    const { pairId } = this.errand.rules;
    switch (job.kind) {
      case 'connect':
        return this.#connect(connection);
      case 'mkdir':
        return makeFolder(connection, job.path);
      case 'rmdir':
        return removeFolder(connection, job.path, pairId);
      case 'remove':
        return removeKnown(job, connection, { habits: this.habits, pairId });
      case 'list':
        return listFolder(connection, job.path, pairId);
      case 'survey':
        return surveyFolder(connection, job.path, pairId);
      case 'download':
        return fetchFile(job.download, {
          ...{ connection, habits: this.habits, ...sendingRules(this.errand.rules), isRetry: job.attempt > 1 },
          ...this.#told(job, report),
        });
      case 'keepsTimes':
        return (await findTimeWay(connection, connection.absolute(job.path), job.mtimeMs)) !== 'none';
      case 'upload':
        return sendFile(job.upload, {
          ...{ connection, habits: this.habits, ...sendingRules(this.errand.rules), ...triesBefore(job) },
          ...this.#told(job, report),
        });
    }
  }

  #told({ job }: TransferJob, report: JobReport): Pick<Sending, 'onNote' | 'onBegin' | 'onBytes'> {
    return {
      onNote: (note) => this.note(note),
      onBegin: (at) => report.moved.begin(at),
      onBytes: (bytes) => report.bytes(job, bytes),
    };
  }
}
