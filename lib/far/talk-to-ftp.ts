import { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../base/clock.ts';
import { type RetryRules, retry } from '../base/retry.ts';
import { nameOf } from '../files/directory.ts';
import type { Site } from '../ftp/site.ts';
import type { JobStart, TransferEvents, TransferNote } from '../transfer/progress.ts';
import { TransferError, toPlain } from '../transfer/transfer-error.ts';
import type { FarEntry, Transport, Upload, Uploaded } from '../transfer/transport.ts';
import { makeFolder, removeFile, removeFolder } from './change-entry.ts';
import { FtpConnection } from './ftp-connection.ts';
import { assertKeepsName, type NameInUse } from './kept-name.ts';
import { Line } from './line.ts';
import { listFolder } from './list-folder.ts';
import { moveToTrash, trashFolder } from './move-to-trash.ts';
import { sendFile } from './send-file.ts';
import type { FarHabits } from './sending.ts';
import { findTimeWay } from './set-time.ts';
import { isTemporaryName, temporaryPath } from './temporary-name.ts';
import type { Errand, JobNumbers, TransferJob, TransferValue, TransferValues } from './transfer-jobs.ts';

/** What {@link TalkToFtp} takes from around it; all of it has a default. */
export interface TalkSurroundings {
  readonly clock?: Clock;
  /** A number from 0 to 1, as Math.random gives it. */
  readonly random?: () => number;
  /** How the log names who does the work. */
  readonly worker?: string;
}

// Short enough for a hiccup of a line, and soon as long as a server needs to come back.
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

// What takes some seconds on a slow line; below it, asking for the size is soon as dear as sending again.
const RESUME_ABOVE = 8 * 1024 * 1024;

const USES: Readonly<Record<TransferJob['kind'], NameInUse['use']>> = {
  mkdir: 'make',
  upload: 'make',
  rmdir: 'remove',
  remove: 'remove',
  list: 'look',
  keepsTimes: 'look',
};

/**
 * A far side spoken to over FTP: one connection, one job at a time, in the process of the caller.
 *
 * A connection that broke, or that the server closed while nothing was to do, is opened again by the next job.
 */
export class TalkToFtp implements Transport {
  readonly events = new EventEmitter<TransferEvents>();
  protected readonly errand: Errand;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #worker: string;
  readonly #line: Line;
  readonly #habits: FarHabits = { broken: new Map() };
  #connection: FtpConnection | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #jobs = 0;
  /** The time that the folder in the trash is named after. */
  #trashOf = 0;
  readonly #noted = new Set<TransferNote>();
  readonly #closing = new AbortController();

  constructor(errand: Errand, surroundings: TalkSurroundings = {}) {
    this.errand = errand;
    this.#clock = surroundings.clock ?? systemClock;
    this.#line = new Line(errand, this.#clock);
    this.#random = surroundings.random ?? Math.random;
    this.#worker = surroundings.worker ?? 'connection 1';
  }

  get site(): Site {
    return this.errand.site;
  }

  connect(): Promise<boolean> {
    this.beginTrash();
    return this.#inTurn(() => this.#connect());
  }

  async disconnect(): Promise<void> {
    this.#closing.abort();
    await this.#turn.catch(() => undefined);
    this.#connection?.close();
    this.#connection = undefined;
    this.#line.close();
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
    return this.#inTurn(() => this.#tellOf(job)) as Promise<TransferValues[Kind]>;
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
      if (!this.#closing.signal.aborted) return work();
      throw new TransferError('E_CLOSED', `The connection to ${this.site.host} was closed before this was begun`);
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #connect(): Promise<boolean> {
    const open = this.#connection;
    if (open && !open.closed) {
      try {
        return this.errand.rules.makesRoot && (await open.makeRoot());
      } catch (error) {
        // One that broke while nothing was to do shows it only now.
        if (!open.closed) throw error;
      }
    }
    return (await this.#open()).madeRoot;
  }

  async #open(): Promise<FtpConnection> {
    if (!this.#connection || this.#connection.closed) {
      this.#connection = await FtpConnection.open(this.errand, this.#line);
    }
    return this.#connection;
  }

  async #tellOf(job: TransferJob): Promise<TransferValue> {
    if (job.kind === 'list' || job.kind === 'keepsTimes') return this.#tryAndTryAgain(job, new Moved());
    const at = this.#clock.now();
    const begun: JobStart = {
      job: job.job,
      kind: job.kind,
      path: job.path,
      worker: this.#worker,
      attempt: job.attempt,
      at,
    };
    const moved = new Moved();
    this.events.emit('start', begun);
    try {
      const value = await this.#tryAndTryAgain(job, moved);
      this.events.emit('end', { ...begun, ...moved.told, tookMs: this.#clock.now() - at });
      return value;
    } catch (error) {
      this.events.emit('end', { ...begun, ...moved.told, tookMs: this.#clock.now() - at, error: toPlain(error) });
      throw error;
    }
  }

  #tryAndTryAgain(job: TransferJob, moved: Moved): Promise<TransferValue> {
    const rules: RetryRules = {
      attempts: this.errand.rules.attempts,
      firstDelayMs: FIRST_DELAY_MS,
      longestDelayMs: LONGEST_DELAY_MS,
    };
    return retry(
      async () => {
        moved.begin(0);
        const connection = await this.#open();
        await assertKeepsName(connection, { path: job.path, use: USES[job.kind], pairId: this.errand.rules.pairId });
        return this.#once(job, connection, moved);
      },
      rules,
      // Who disconnects does not wait for a server to come back: the last failure is told at once.
      { clock: this.#clock, random: this.#random, signal: this.#closing.signal },
    );
  }

  async #once(job: TransferJob, connection: FtpConnection, moved: Moved): Promise<TransferValue> {
    switch (job.kind) {
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
      case 'upload': {
        const { pairId, resumeAbove = RESUME_ABOVE, verify = 'size' } = this.errand.rules;
        return sendFile(job.upload, {
          ...{ connection, habits: this.#habits, pairId, resumeAbove, verify, again: job.attempt > 1 },
          onNote: (note) => this.note(note),
          onBegin: (at) => moved.begin(at),
          onBytes: (bytes) => this.#onBytes(job.job, bytes, moved),
        });
      }
    }
  }

  #onBytes(job: number, bytes: number, moved: Moved): void {
    if (bytes === moved.bytes) return;
    moved.bytes = bytes;
    this.events.emit('progress', { job, bytes: moved.resumedAt + bytes });
  }
}

/** Bytes of content that one job has sent so far, in its last try. */
class Moved {
  bytes = 0;
  resumedAt = 0;

  begin(at: number): void {
    this.bytes = 0;
    this.resumedAt = at;
  }

  get told(): { readonly bytes: number; readonly resumedAt?: number } {
    const { bytes, resumedAt } = this;
    return resumedAt === 0 ? { bytes } : { bytes, resumedAt };
  }
}

/** A name with CR, LF or NUL would be read as the end of the command and the begin of another. */
function assertCarriable(path: string): void {
  if (!/[\r\n\0]/.test(path)) return;
  throw new TransferError('E_NAME', `FTP cannot carry the name ${JSON.stringify(path)}: it holds a line end or a NUL`);
}
