import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import { writeWhole } from '../base/synced-file.ts';
import { OperationError } from './operation-error.ts';

/** How {@link DayFiles} is set up. */
export interface DayFilesOptions {
  /** The folder they lie in, which must be there. */
  readonly folder: string;
  /** Files of so many days are kept, that of today included. */
  readonly keepDays: number;
  /** Does a day begin at midnight UTC, instead of midnight on this machine? */
  readonly isUtc: boolean;
  readonly clock: Pick<Clock, 'now'>;
  /** Told when lines cannot be written: once, until they can be again. */
  readonly onProblem: (message: string) => void;
}

interface Day {
  /** `20261121` */
  readonly name: string;
  /** Its first moment, and that of the next, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

const NAME = /^\d{8}\.log$/;
const NO_FILE = -1;

/**
 * Lines in a file a day: `20261121.log`.
 *
 * Those that come in one go are written in one go, before anything else happens; none is lost when the process dies later.
 */
export class DayFiles {
  readonly #options: DayFilesOptions;
  #day: Day;
  #descriptor = NO_FILE;
  #waiting = '';
  #isFailing = false;

  /** @throws OperationError E_LOG_FILE: better now than when the first line gets lost */
  constructor(options: DayFilesOptions) {
    this.#options = options;
    this.#day = dayOf(options.clock.now(), options.isUtc);
    try {
      this.#open();
    } catch (cause) {
      const message = `The log in ${options.folder} cannot be written: the system says ${codeOf(cause)}`;
      throw new OperationError('E_LOG_FILE', message, { cause });
    }
  }

  /** Write a line, which must not hold a line end. */
  write(line: string): void {
    const now = this.#options.clock.now();
    if (now < this.#day.from || now >= this.#day.to) {
      this.flush();
      this.#begin(dayOf(now, this.#options.isUtc));
    }
    if (this.#waiting === '') queueMicrotask(() => this.flush());
    this.#waiting += `${line}\n`;
  }

  /** Write what is not written yet, at once: for who is about to end the process. */
  flush(): void {
    const lines = this.#waiting;
    this.#waiting = '';
    if (lines === '') return;
    try {
      if (this.#descriptor === NO_FILE) this.#open();
      writeWhole(this.#descriptor, lines);
      this.#isFailing = false;
    } catch (error) {
      const wasFailing = this.#isFailing;
      this.#isFailing = true;
      if (!wasFailing)
        this.#options.onProblem(`The log cannot be written, lines are lost: the system says ${codeOf(error)}`);
    }
  }

  /** Closing twice is harmless; what is written later opens the file again. */
  close(): void {
    this.flush();
    if (this.#descriptor !== NO_FILE) closeSync(this.#descriptor);
    this.#descriptor = NO_FILE;
  }

  #begin(day: Day): void {
    this.close();
    this.#day = day;
    this.#removeOld();
  }

  #open(): void {
    this.#descriptor = openSync(join(this.#options.folder, `${this.#day.name}.log`), 'a', 0o600);
  }

  #removeOld(): void {
    const { folder, keepDays, isUtc } = this.#options;
    // From the noon of a day: one of them may have 23 or 25 hours.
    const noon = (this.#day.from + this.#day.to) / 2;
    const oldest = `${dayOf(noon - (keepDays - 1) * DAY_MS, isUtc).name}.log`;
    try {
      const old = readdirSync(folder).filter((name) => NAME.test(name) && name < oldest);
      for (const name of old) rmSync(join(folder, name), { force: true });
    } catch {
      // They are tried again tomorrow: what is to be logged today is not held up by it.
    }
  }
}

const DAY_MS = 86_400_000;

function dayOf(ms: number, isUtc: boolean): Day {
  const time = new Date(ms);
  if (isUtc) {
    const from = ms - (ms % DAY_MS);
    return { name: time.toISOString().slice(0, 10).replaceAll('-', ''), from, to: from + DAY_MS };
  }
  const [year, month, date] = [time.getFullYear(), time.getMonth(), time.getDate()];
  const name = [year, month + 1, date].map((part, at) => String(part).padStart(at === 0 ? 4 : 2, '0')).join('');
  return { name, from: new Date(year, month, date).getTime(), to: new Date(year, month, date + 1).getTime() };
}
