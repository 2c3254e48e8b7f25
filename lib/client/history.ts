import { closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../base/make-folder.ts';
import { mayHoldSecret } from './secret-line.ts';

// As much as one looks for with Ctrl-R; older lines are of no use to anybody.
const MOST_LINES = 1000;

/** The lines typed before, newest last, in a file that only its owner can read. A file that cannot be used is done without. */
export class History {
  readonly #folder: string | undefined;
  readonly #lines: string[];

  /** @param folder where it is kept; without it nothing is */
  constructor(folder: string | undefined) {
    this.#folder = folder;
    this.#lines = folder === undefined ? [] : this.#read(join(folder, 'history'));
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Remember a line, unless it is the last one again, is empty, or may hold a secret. */
  add(line: string): void {
    if (line.trim() === '' || line === this.#lines.at(-1) || mayHoldSecret(line)) return;
    this.#lines.push(line);
    if (this.#folder === undefined) return;
    try {
      makeFolder(this.#folder);
      const descriptor = openSync(join(this.#folder, 'history'), 'a', 0o600);
      try {
        writeSync(descriptor, `${line}\n`);
      } finally {
        closeSync(descriptor);
      }
    } catch {
      // Commands are what the user came for: without a history they are done all the same.
    }
  }

  #read(file: string): string[] {
    try {
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
      if (lines.length > 2 * MOST_LINES) {
        const draft = `${file}.${process.pid}`;
        writeFileSync(
          draft,
          lines
            .slice(-MOST_LINES)
            .map((line) => `${line}\n`)
            .join(''),
          { mode: 0o600 },
        );
        renameSync(draft, file);
      }
      return lines.slice(-MOST_LINES);
    } catch {
      return [];
    }
  }
}
