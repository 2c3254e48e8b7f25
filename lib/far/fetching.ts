import type { TransferNote } from '../transfer/progress.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { FarHabits } from './sending.ts';

/** What the fetching of a file works with. */
export interface Fetching {
  readonly connection: FtpConnection;
  readonly habits: FarHabits;
  /** Goes into temporary names. */
  readonly pairId: string;
  /** Files of at least so many bytes go on where a try before broke off. */
  readonly resumeAbove: number;
  /** How it is made sure that what came is what is on the site. */
  readonly verify: 'size' | 'hash';
  /** Did a try before fail, with whomever? What its listing told may be old. */
  readonly isRetry: boolean;
  /** Breaks it off. */
  readonly signal?: AbortSignal | undefined;
  /** Told what the far side cannot do, each time. */
  readonly onNote: (note: TransferNote) => void;
  /** Told from which byte on content is about to come, the bytes before being there already. */
  readonly onBegin: (at: number) => void;
  /** Told now and then how many bytes have come since. */
  readonly onBytes: (bytes: number) => void;
}
