import type { TransferNote } from '../transfer/progress.ts';
import type { Uploaded } from '../transfer/transport.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { TimeWay } from './set-time.ts';
import type { BrokenTries } from './shipment.ts';
import type { BrokenTry, TalkRules, UploadJob } from './transfer-jobs.ts';

/** What one far side has shown of itself so far; kept from upload to upload. */
export interface FarHabits {
  /** How it takes the time of a file; missing until it is known. */
  timeWay?: TimeWay;
  /** Files in a row that it took no time of. */
  undated: number;
  /** It refuses renames: files are written in place. */
  refusesRename: boolean;
  /** It told the size of a file that was sent. */
  tellsSize: boolean;
  /** Steps for files sent ahead that it refused on this connection. */
  refusals: number;
  /** How often it refused a data connection that a file was already sent ahead for. */
  refusedPorts: number;
  /** Its answers cannot be told apart when commands are sent ahead. */
  isOutOfStep: boolean;
  /** Its listings tell other sizes or times than it does when it is asked for those of one file. */
  listsOldVersions: boolean;
  readonly broken: BrokenTries;
}

/** What is known of a far side at first. */
export function noHabits(): FarHabits {
  return {
    ...{ undated: 0, refusesRename: false },
    ...{ tellsSize: false, refusals: 0, refusedPorts: 0, isOutOfStep: false, listsOldVersions: false },
    broken: new Map(),
  };
}

/** On a new connection what was refused is asked again: rights change, and so do servers. */
export function askAgain(habits: FarHabits): void {
  if (habits.timeWay === 'none') delete habits.timeWay;
  habits.undated = 0;
  habits.refusesRename = false;
  habits.refusals = 0;
}

// What takes some seconds on a slow line; below it, asking for the size is soon as dear as sending again.
const RESUME_ABOVE = 8 * 1024 * 1024;

/** What the sending of a file works with. */
export interface Sending {
  readonly connection: FtpConnection;
  readonly habits: FarHabits;
  /** Goes into temporary names, so that two mirrors on one folder never take each other's. */
  readonly pairId: string;
  /** Files of at least so many bytes go on where a try before broke off. */
  readonly resumeAbove: number;
  /** How it is made sure that what arrived is what was sent. */
  readonly verify: 'size' | 'hash';
  /** Did a try before fail, with whomever? It may have left something, and a lost connection may still write to that. */
  readonly isRetry: boolean;
  /** How far it got, where that is known. */
  readonly before: BrokenTry | undefined;
  /** Told what the far side cannot do, each time. */
  readonly onNote: (note: TransferNote) => void;
  /** Told from which byte on content is about to be sent, the bytes before being there already. */
  readonly onBegin: (at: number) => void;
  /** Told now and then how many bytes have gone since. */
  readonly onBytes: (bytes: number) => void;
}

/** What the rules say of every file. */
export function sendingRules({
  pairId,
  resumeAbove = RESUME_ABOVE,
  verify = 'size',
}: TalkRules): Pick<Sending, 'pairId' | 'resumeAbove' | 'verify'> {
  return { pairId, resumeAbove, verify };
}

/** What a job tells of the tries before this one. */
export function triesBefore({ attempt, before }: UploadJob): Pick<Sending, 'isRetry' | 'before'> {
  return { isRetry: attempt > 1, before };
}

/** Size and time of what was sent, and nothing else. */
export function versionOf({ size, mtimeMs }: Uploaded): Uploaded {
  return { size, mtimeMs };
}
