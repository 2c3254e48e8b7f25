// The contract between TalkToFtpMulti and its workers. Types only: it is all that parent and child share.
import type { Timetable } from '../base/timetable.ts';
import type { Site } from '../ftp/site.ts';
import type { JobPool } from '../pool/jobs.ts';
import type { JobEnd, JobProgress, JobStart, TransferNote } from '../transfer/progress.ts';
import type { PlainTransferError } from '../transfer/transfer-error.ts';
import type { Download, Downloaded, FarEntry, Survey, Upload, Uploaded } from '../transfer/transport.ts';

/** How a connection behaves. Plain JSON values. */
export type TalkRules = {
  /** The longest wait for an answer or for a transfer to move on, in milliseconds. */
  readonly timeoutMs: number;
  /** Tries of one job in all, the first one counted. */
  readonly attempts: number;
  /** Tells this mirror's temporary names from those of others. */
  readonly pairId: string;
  /** Files of at least so many bytes go on where a try before broke off. Default: 8 MiB. */
  readonly resumeAbove?: number;
  /** Is the hash of what arrived compared, too, where the server can tell it? Default: the size only. */
  readonly verify?: 'size' | 'hash';
  /** The folder on the site that removed files are moved to: below the far root, or absolute. Default: none. */
  readonly trash?: string;
  /** Make the far root where it is missing; a dry run must not. */
  readonly makesRoot: boolean;
  /** The only way to ask for a data connection; both are tried without it. */
  readonly passive?: PassiveCommand;
  readonly limits?: Limits;
  /** Are commands sent ahead of the answers to those before, where the server is up to it? Default: yes. */
  readonly pipeline?: boolean;
};

/** What all workers together may do. */
export type Limits = {
  /** Bytes of content. */
  readonly bandwidth?: Timetable;
  readonly commandsPerSecond?: number;
  /** The file of a HeadCount, without which all count as working; and how many there are. Without both there is one. */
  readonly workers?: { readonly file?: string; readonly most: number };
};

/** The two ways to ask for a data connection: RFC 2428 and RFC 959. */
export type PassiveCommand = 'EPSV' | 'PASV';

/** By what a server is known over TLS, and what we show of ourselves. Texts in PEM: files are read once, by the parent. */
export type TlsRules = {
  /** Certificates of the only authorities that are believed. */
  readonly ca?: string;
  /** The public keys the server may have: SHA-256 of the SubjectPublicKeyInfo in base64. */
  readonly pins?: readonly string[];
  /** Our own certificate, with those between it and its authority. */
  readonly certificate?: string;
  /** Its private key, not encrypted. */
  readonly key?: string;
  /** The newest version of TLS that is offered. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
};

/** One call of a transport, on its way to where it is done. */
export type TransferJob = JobNumbers &
  (
    | { readonly kind: 'connect' | 'mkdir' | 'rmdir' | 'list' | 'survey'; readonly path: string }
    | {
        readonly kind: 'remove';
        readonly path: string;
        /** With which size and time it was sent: it is removed only if it still has them; missing where that does not matter. */
        readonly known?: Uploaded;
        /** The folder on the site that the file is moved to instead: below the far root, or absolute. */
        readonly trash?: string;
      }
    | {
        readonly kind: 'upload';
        readonly path: string;
        readonly upload: Upload;
        /** How far the try before got, whoever made it; missing where that is not known. */
        readonly before?: BrokenTry | undefined;
      }
    | { readonly kind: 'download'; readonly path: string; readonly download: Download }
    | { readonly kind: 'keepsTimes'; readonly path: string; readonly mtimeMs: number }
  );

/**
 * Where a try broke off. `content`: a part of the file may be there. `waiting`: the server did not go on with a file that
 * is there, perhaps because a lost connection of ours still holds it. `rename`: the renaming may have been done. `aside`: so it
 * may, and the file that was there before may have stepped aside.
 */
export type BrokenAt = 'content' | 'waiting' | 'rename' | 'aside';

/** A try that broke off. */
export interface BrokenTry {
  /** Absolute far path under which it was sent. */
  readonly temporary: string;
  /** What tells the file that was read from one that has got its size and its time since. */
  readonly identity: string;
  readonly at: BrokenAt;
}

/** The call that sends a file. */
export type UploadJob = TransferJob & { readonly kind: 'upload' };

/** The call that removes a file. */
export type RemoveJob = TransferJob & { readonly kind: 'remove' };

/** `job` numbers the call within its transport; `attempt` is 1 unless a try of it has failed. */
export type JobNumbers = { readonly job: number; readonly attempt: number };

/** What each kind of call gives back. */
export type TransferValues = {
  /** Had the far root to be made? */
  connect: boolean;
  mkdir: null;
  rmdir: null;
  remove: null;
  upload: Uploaded;
  download: Downloaded;
  list: readonly FarEntry[];
  survey: Survey;
  keepsTimes: boolean;
};

/** What any call gives back. */
export type TransferValue = TransferValues[keyof TransferValues];

/** Errors travel as values: a thrown one would lose its class and its cause on the way. */
export type Outcome<Value = TransferValue> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: PlainTransferError; readonly broken?: BrokenTry };

/** The site goes along with every batch: a worker that took the place of a dead one knows nothing. */
export type Errand = {
  readonly site: Site;
  readonly rules: TalkRules;
  /** Without it servers are known by the authorities that Node knows. */
  readonly tls?: TlsRules;
};

export type TransferBatch = Errand & { readonly jobs: readonly TransferJob[] };

/**
 * A worker without a connection gives its jobs back: those that have no outcome were not begun, but for `begun`, with which
 * the server took the connection away to make room. Nor were those begun that a worker was given too late, when its batch had
 * ended.
 */
export type NoConnection = { readonly error: PlainTransferError; readonly begun?: number };

/** The jobs a worker offers. What became of the jobs of a batch is news; with `leave` it takes leave of the server. */
export type TransferJobs = {
  transfer: (batch: TransferBatch) => Promise<NoConnection | null>;
  leave: (argument: null) => Promise<null>;
};

/** What is said to a worker with a batch: jobs to be done as well, behind those that it has. */
export type TransferWord = readonly TransferJob[];

/** The workers that do these jobs. */
export type TransferPool = JobPool<TransferJobs, TransferEvent, TransferWord>;

/** What a worker tells of the end of a job that the parent does not know. */
export type Ended = Pick<JobEnd, 'bytes' | 'resumedAt' | 'tookMs' | 'error'>;

/**
 * One event of a worker: whether it has a connection, when that changes; and what it does. The end of a job goes together
 * with its outcome, if it has one.
 */
export type TransferEvent =
  | { readonly event: 'connection'; readonly isOpen: boolean }
  | ({ readonly event: 'start' } & Pick<JobStart, 'job' | 'worker' | 'at'>)
  | { readonly event: 'progress'; readonly of: JobProgress }
  | { readonly event: 'end'; readonly job: number; readonly end: Ended }
  | { readonly event: 'note'; readonly of: TransferNote }
  | { readonly event: 'outcome'; readonly job: number; readonly outcome: Outcome; readonly end?: Ended };
