import { closeSync, constants, fsync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { JournalRecord } from './journal-content.ts';
import { writeWhole } from './synced-file.ts';

// Appending also holds after a cut: a mere position in the file would then leave a gap of NULs.
const EMPTY_TO_APPEND = constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY | constants.O_APPEND;

// Few calls of the system for many records, and little memory; a text of that length is made in some milliseconds.
const LINES_AT_A_TIME = 1000;
const LETTERS_AT_A_TIME = 2 ** 20;

// Who appends all the time would keep the draft from ever being up to date: what came during the last is synced while all wait.
const MOST_SYNCS = 4;

const onDisk = promisify(fsync);

/** What will take the place of a journal, beside it until it is whole and on the disk. */
export class JournalDraft {
  readonly #path: string;
  readonly #descriptor: number;
  #size = 0;
  #late: string[] = [];
  #isOver = false;
  #isSyncing = false;

  /** @param path of the journal */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(draftOf(path), EMPTY_TO_APPEND, 0o600);
  }

  /** Write all at once, and take the journal's place. @returns the open file and the bytes in it */
  replace(header: string, records: Iterable<JournalRecord>): { readonly descriptor: number; readonly size: number } {
    try {
      for (const text of textsOf(header, records)) this.#write(text);
      return this.take();
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Write all but for what is added last, in turns with all else that this process does. */
  async write(header: string, records: Iterable<JournalRecord>): Promise<void> {
    for (const text of textsOf(header, records)) {
      this.#write(text);
      await turn();
      if (this.#isOver) return;
    }
    for (let round = 0; round === 0 || (this.#late.length > 0 && round < MOST_SYNCS); round += 1) {
      this.#writeLate();
      await this.#sync();
      if (this.#isOver) return;
    }
  }

  /** A line that was appended to the journal meanwhile, and comes behind all others. */
  add(line: string): void {
    this.#late.push(line);
  }

  /** Take the journal's place. */
  take(): { readonly descriptor: number; readonly size: number } {
    this.#writeLate();
    // Without it a power failure may leave the new name with nothing in it.
    fsyncSync(this.#descriptor);
    renameSync(draftOf(this.#path), this.#path);
    this.#isOver = true;
    return { descriptor: this.#descriptor, size: this.#size };
  }

  /** It is not needed any more. Harmless when it was discarded before, or has taken the journal's place. */
  discard(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    rmSync(draftOf(this.#path), { force: true });
    // Another file may get the number as soon as it is free: a sync under way must not meet that one.
    if (!this.#isSyncing) closeSync(this.#descriptor);
  }

  async #sync(): Promise<void> {
    this.#isSyncing = true;
    try {
      await onDisk(this.#descriptor);
    } finally {
      this.#isSyncing = false;
      if (this.#isOver) closeSync(this.#descriptor);
    }
  }

  #writeLate(): void {
    const late = this.#late;
    this.#late = [];
    if (late.length > 0) this.#write(late.join(''));
  }

  #write(text: string): void {
    this.#size += writeWhole(this.#descriptor, text);
  }
}

/** Where the draft of a journal lies. */
export function draftOf(path: string): string {
  return `${path}.new`;
}

function* textsOf(header: string, records: Iterable<JournalRecord>): Iterable<string> {
  let lines = [header];
  let letters = 0;
  for (const record of records) {
    const line = JSON.stringify(record);
    lines.push(line);
    letters += line.length;
    if (lines.length < LINES_AT_A_TIME && letters < LETTERS_AT_A_TIME) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
    letters = 0;
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}
