import type { PlainTransferError } from './transfer-error.ts';

/** The kinds of work that change one of the sides. */
export type JobKind = 'mkdir' | 'rmdir' | 'upload' | 'download' | 'remove';

/** Those of them that change the far side. */
export type FarJobKind = Exclude<JobKind, 'download'>;

/** A job has begun. Plain JSON values, as all events here: they are made in the child that does the work. */
export type JobStart = {
  /** Unique within one transport. */
  readonly job: number;
  readonly kind: JobKind;
  readonly path: string;
  /**
   * Who does it: the process id of a child, `thread N`, or `connection N` within this process; where several live in one
   * child, `/` and a number follow.
   */
  readonly worker: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** When it began, milliseconds since 1970, by the worker's clock. */
  readonly at: number;
};

/** How far an upload or a download is that is under way. */
export type JobProgress = {
  readonly job: number;
  /** Counted from the beginning of the file, what was there already included. */
  readonly bytes: number;
  /** Bytes that were there already from a try that had broken off, so that they were not moved; missing for none. */
  readonly resumedAt?: number;
};

/** A job has ended, well or not. */
export type JobEnd = JobStart & {
  /** Bytes of content moved, by the last try. */
  readonly bytes: number;
  /** Bytes that were there already from a try that had broken off, so that they were not moved; missing for none. */
  readonly resumedAt?: number;
  /** From begin to end in milliseconds, measured in the worker. */
  readonly tookMs: number;
  /** Why it failed; missing when it did not. */
  readonly error?: PlainTransferError;
};

/**
 * Something that the far side cannot do, and that is done without. `in-place`: it refuses renames, so that files are
 * written under their own names; `no-hash`: it does not tell hashes, so that sizes have to do; `no-size`: it does not even
 * tell sizes, so that nothing is compared; `no-pipeline`: it answers out of order, so that nothing is asked ahead.
 */
export type TransferNote = 'in-place' | 'no-hash' | 'no-size' | 'no-pipeline';

/** How long the far side has been away: no connection can be opened, and what is to be done waits. */
export type FarAway = {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly forMs: number;
  /** Why the last connection could not be opened. */
  readonly error: PlainTransferError;
};

/** How many connections the far side takes, as it turned out, and how many workers would use one. */
export type FarLimit = {
  readonly connections: number;
  readonly workers: number;
};

/** What a transport tells about its work; it informs and never steers. See docs/reference/events.md. */
export type TransferEvents = {
  start: [JobStart];
  progress: [JobProgress];
  end: [JobEnd];
  note: [TransferNote];
  /** At once when the far side is away, and then once a minute. */
  away: [FarAway];
  /** It is there again. */
  back: [Omit<FarAway, 'error'>];
  /** The limit was learnt, or turned out to be another one. */
  limited: [FarLimit];
};
