import type { Uploaded } from '../transfer/transport.ts';
import { bytes } from './messages.ts';
import type { Step } from './plan.ts';

/** What one cycle did, in numbers. */
export interface CycleSummary {
  /** 1 for the first cycle of this run. */
  readonly cycle: number;
  readonly foldersMade: number;
  readonly filesSent: number;
  /** Bytes of content of the files sent. */
  readonly bytesSent: number;
  readonly filesRemoved: number;
  readonly foldersRemoved: number;
  /** Entries that could not be mirrored. */
  readonly failed: number;
  /** Files that changed while they were read; the next cycle takes them up. */
  readonly changedMeanwhile: number;
  /** Removals that wait for a cycle without errors. */
  readonly putOff: number;
  /** Steps that were not begun because the mirror was stopped. */
  readonly notBegun: number;
  /** Near entries that could not be read; what is on the far side in their place is left as it is. */
  readonly unreadable: number;
  /** Near entries left out for a reason other than the user's filters, the unreadable ones among them. */
  readonly leftOut: number;
  /** From begin to end, in milliseconds. */
  readonly tookMs: number;
}

/** Counts while a cycle runs. */
export class Tally {
  failed = 0;
  /** Folders that could not be listed, as in the cycle before: they put nothing off that is elsewhere. */
  stillClosed = 0;
  changedMeanwhile = 0;
  putOff = 0;
  notBegun = 0;
  unreadable = 0;
  leftOut = 0;
  readonly #cycle: number;
  readonly #begin: number;
  readonly #done: Record<Step['kind'], number> = { mkdir: 0, rmdir: 0, upload: 0, remove: 0 };
  #bytes = 0;

  constructor(cycle: number, begin: number) {
    this.#cycle = cycle;
    this.#begin = begin;
  }

  /** A step is done. */
  count({ kind }: Step, uploaded: Uploaded | undefined): void {
    this.#done[kind] += 1;
    if (kind === 'upload') this.#bytes += uploaded?.size ?? 0;
  }

  summary(now: number): CycleSummary {
    const { failed, stillClosed, changedMeanwhile, putOff, notBegun, unreadable, leftOut } = this;
    return {
      cycle: this.#cycle,
      foldersMade: this.#done.mkdir,
      filesSent: this.#done.upload,
      bytesSent: this.#bytes,
      filesRemoved: this.#done.remove,
      foldersRemoved: this.#done.rmdir,
      failed: failed + stillClosed,
      changedMeanwhile,
      putOff,
      notBegun,
      unreadable,
      leftOut,
      tookMs: now - this.#begin,
    };
  }
}

/** Are both sides equal now, as far as this cycle can tell? */
export function isComplete({ failed, changedMeanwhile, putOff, notBegun, unreadable }: CycleSummary): boolean {
  return failed + changedMeanwhile + putOff + notBegun + unreadable === 0;
}

/** The summary in one line for people; what is 0 and says nothing is left out. */
export function describeSummary(summary: CycleSummary): string {
  return `Cycle ${summary.cycle} ${describeOutcome(summary, 'sent')}`;
}

/** The same without the number of the cycle, for what is done once: `done in 0.1 s : 2 files fetched (17 B)`. */
export function describeOutcome(summary: CycleSummary, moved: 'sent' | 'fetched'): string {
  const parts = [
    count(summary.foldersMade, 'folder created', 'folders created'),
    summary.filesSent > 0 ? `${count(summary.filesSent, 'file', 'files')} ${moved} (${bytes(summary.bytesSent)})` : '',
    count(summary.filesRemoved, 'file removed', 'files removed'),
    count(summary.foldersRemoved, 'folder removed', 'folders removed'),
    count(summary.changedMeanwhile, 'file changed while it was read', 'files changed while they were read'),
    count(summary.putOff, 'removal put off', 'removals put off'),
    count(summary.notBegun, 'step not begun', 'steps not begun'),
    count(summary.unreadable, 'entry unreadable', 'entries unreadable'),
    count(summary.leftOut - summary.unreadable, 'entry left out', 'entries left out'),
    count(summary.failed, 'entry failed', 'entries failed'),
  ].filter((part) => part !== '');
  const what = parts.length === 0 ? 'nothing to do, both sides are equal' : parts.join(', ');
  const ended = summary.notBegun > 0 ? 'stopped after' : 'done in';
  return `${ended} ${(summary.tookMs / 1000).toFixed(1)} s : ${what}`;
}

function count(number: number, one: string, more: string): string {
  if (number === 0) return '';
  return `${number} ${number === 1 ? one : more}`;
}
