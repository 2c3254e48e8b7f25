import type { Bookmarks } from './bookmarks.ts';
import type { Job, JobList } from './job-list.ts';
import type { LocalFolder } from './local-folder.ts';
import type { Logins } from './logins.ts';
import type { Output } from './output.ts';
import type { Questions } from './questions.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import type { TransferShow } from './transfer-show.ts';

/** All that a command works with. */
export interface CommandContext {
  readonly session: Session;
  readonly settings: Settings;
  readonly local: LocalFolder;
  readonly output: Output;
  readonly show: TransferShow;
  readonly questions: Questions;
  readonly bookmarks: Bookmarks;
  readonly logins: Logins;
  readonly jobs: JobList;
  /** Is what is said on the control connection shown? */
  readonly trace: { isOn: boolean };
  /** Aborted when this command is to end: Ctrl-C, or `kill` of a job. */
  readonly signal: AbortSignal;
  /** End the program when this command is done. */
  readonly leave: () => void;
  /** Begin a job with what was typed: on its own connection, beside the others or behind those in the queue. */
  readonly begin: (source: string, place: 'beside' | 'behind') => Job;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Is it done by a job, beside what the user types? */
  readonly isJob: boolean;
}
