import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { makeFolder } from '../base/make-folder.ts';

/** What an administrator did, or tried. */
export interface AuditEntry {
  /** The name that was used to log in; for a login that failed, the one that was tried. */
  readonly administrator: string;
  /** `login`, or the name of the call. */
  readonly action: string;
  /** `done`, or the code of the error. */
  readonly outcome: string;
  /** What was asked for, without secrets. */
  readonly asked?: Readonly<Record<string, unknown>>;
}

/** Whom to tell of each entry, beside the file. */
export interface AuditListeners {
  readonly onEntry?: (entry: AuditEntry) => void;
  /** The file cannot be written. What was done stays done. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Who did what and when: a line of JSON for each call of an administrator, in a file of its own that is kept for good.
 *
 * It does not depend on a server that runs, nor on how long that keeps its log.
 */
export class AuditLog {
  readonly #file: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #listeners: AuditListeners;

  /** @param file absolute path; made when the first line is written, for its owner only */
  constructor(file: string, clock: Pick<Clock, 'now'>, listeners: AuditListeners = {}) {
    this.#file = file;
    this.#clock = clock;
    this.#listeners = listeners;
  }

  note(entry: AuditEntry): void {
    const { administrator, action, outcome, asked } = entry;
    const time = new Date(this.#clock.now()).toISOString();
    try {
      makeFolder(dirname(this.#file));
      const line = JSON.stringify({ time, administrator, action, ...asked, outcome });
      // JSON leaves these two as they are, and some readers take them for line ends.
      appendFileSync(this.#file, `${line.replace(/[\u2028\u2029]/g, ' ')}\n`, { mode: 0o600 });
    } catch (error) {
      this.#listeners.onFault?.(error);
    }
    this.#listeners.onEntry?.(entry);
  }
}
