import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../base/clock.ts';
import { retry } from '../base/retry.ts';
import { nameOf } from '../files/directory.ts';
import type { Site } from '../ftp/site.ts';
import type { TransferEvents, TransferNote } from '../transfer/progress.ts';
import type { Download, Downloaded, FarEntry, Survey, Transport, Upload, Uploaded } from '../transfer/transport.ts';
import { assertCarriable } from './carriable.ts';
import { closedError } from './closed-error.ts';
import { endWithin } from './end-within.ts';
import type { FarSession } from './far-session.ts';
import { retryRules } from './retry-rules.ts';
import { sendingRules } from './sending.ts';
import { isTemporaryName, temporaryPath } from './temporary-name.ts';
import type { Errand, JobNumbers, TransferJob, TransferValue, TransferValues } from './transfer-jobs.ts';
import { trashFolder } from './trash-folder.ts';

/** What {@link TalkToFtp} takes from around it; all of it has a default. */
export interface TalkSurroundings {
  readonly clock?: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random?: () => number;
}

/** A far side spoken to over FTP: one connection, one job at a time, in the process of the caller. */
export class TalkToFtp implements Transport {
  readonly events = new EventEmitter<TransferEvents>();
  protected readonly errand: Errand;
  readonly #clock: Clock;
  readonly #random: () => number;
  #session: FarSession | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #jobs = 0;
  /** The time that the folder in the trash is named after. */
  #trashOf = 0;
  readonly #noted = new Set<TransferNote>();
  readonly #closing = new AbortController();

  constructor(errand: Errand, surroundings: TalkSurroundings = {}) {
    this.errand = errand;
    this.#clock = surroundings.clock ?? systemClock;
    this.#random = surroundings.random ?? Math.random;
  }

  get site(): Site {
    return this.errand.site;
  }

  connect(): Promise<boolean> {
    this.beginTrash();
    return this.perform({ ...this.nextJob(), kind: 'connect', path: '' });
  }

  async disconnect(withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#closing.abort();
    await endWithin(this.#turn, { clock: this.#clock, withinMs, onLate: () => this.#session?.abandon() });
    this.#session?.close();
  }

  async mkdir(path: string): Promise<void> {
    await this.perform({ ...this.nextJob(), kind: 'mkdir', path });
  }

  async rmdir(path: string): Promise<void> {
    await this.perform({ ...this.nextJob(), kind: 'rmdir', path });
  }

  async remove(path: string, known?: Uploaded): Promise<void> {
    const { trash, pairId } = this.errand.rules;
    const isKept = trash !== undefined && !isTemporaryName(pairId, nameOf(path));
    const rules = { ...(known && { known }), ...(isKept && { trash: trashFolder(trash, this.#trashOf) }) };
    await this.perform({ ...this.nextJob(), kind: 'remove', path, ...rules });
  }

  upload(upload: Upload): Promise<Uploaded> {
    return this.perform({ ...this.nextJob(), kind: 'upload', path: upload.path, upload });
  }

  download(download: Download): Promise<Downloaded> {
    return this.perform({ ...this.nextJob(), kind: 'download', path: download.path, download });
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

  survey(path: string): Promise<Survey> {
    return this.perform({ ...this.nextJob(), kind: 'survey', path });
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
    return this.#inTurn(() => this.#tryAndTryAgain(job)) as Promise<TransferValues[Kind]>;
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
      if (this.#closing.signal.aborted) throw closedError(this.errand);
      return work();
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #tryAndTryAgain(job: TransferJob): Promise<TransferValue> {
    const session = await this.#openSession();
    const report = session.report(job);
    try {
      const value = await retry(
        () => session.try(job, report),
        retryRules(this.errand),
        // Who disconnects does not wait for a server to come back: the last failure is told at once.
        { clock: this.#clock, random: this.#random, signal: this.#closing.signal },
      );
      report.end();
      return value;
    } catch (error) {
      report.end(error);
      throw error;
    }
  }

  /** Not before it is needed: a subclass that moves the work elsewhere has none, and does not load what it takes either. */
  async #openSession(): Promise<FarSession> {
    const { FarSession } = await import('./far-session.ts');
    this.#session ??= new FarSession(this.errand, { events: this.events, clock: this.#clock });
    return this.#session;
  }
}
