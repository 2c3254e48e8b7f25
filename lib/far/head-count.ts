import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The number of workers that work at this moment, for all of them to read: two digits in a file.
 *
 * There is no way from a parent to a worker that is at work. The parent writes the digits in place, in one go; workers look
 * at them as often as they like, children, threads and connections of this process alike.
 */
export class HeadCount {
  readonly file: string;
  readonly #folder: string;
  readonly #descriptor: number;
  #count = 0;
  #isClosed = false;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'filesmirror-'));
    this.file = join(this.#folder, 'working');
    this.#descriptor = openSync(this.file, 'wx', 0o600);
    this.#write();
  }

  /** One more works. @returns to be called when he works no more */
  begin(): () => void {
    this.#count += 1;
    this.#write();
    return () => {
      this.#count -= 1;
      this.#write();
    };
  }

  /** Closing twice is harmless. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(): void {
    if (!this.#isClosed) writeSync(this.#descriptor, String(this.#count).padStart(2, '0'), 0);
  }
}

/** Reads the number that the parent wrote; it is at least 1, for who reads it works. */
export class HeadCountReader {
  readonly #file: string;
  readonly #most: number;
  #descriptor: number | undefined;

  /** @param most taken for the number where there is no file any more: then everybody is careful */
  constructor(file: string, most: number) {
    this.#file = file;
    this.#most = most;
  }

  read(): number {
    try {
      this.#descriptor ??= openSync(this.#file, 'r');
      const digits = Buffer.alloc(2);
      readSync(this.#descriptor, digits, 0, digits.length, 0);
      return Math.max(1, Number(digits.toString('latin1')) || this.#most);
    } catch {
      return this.#most;
    }
  }

  /** Closing twice is harmless; whoever reads again opens it again. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
