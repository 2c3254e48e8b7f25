import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/**
 * The number of workers that work at this moment, for all of them to read: two digits in a file.
 *
 * What a parent says to a worker that is at work reaches it only when that has news. So the parent writes the digits in
 * place, in one go; workers look at them as often as they like, children, threads and connections of this process alike.
 *
 * It never fails: where no number can be written, none is read, and then everybody is careful.
 */
export class HeadCount {
  readonly file: string;
  #descriptor: number | undefined;
  #count = 0;
  #isClosed = false;

  /** @param file is made when the first begins to work, not before; one that a killed run left is taken over */
  constructor(file: string) {
    this.file = file;
  }

  /** One more works. @returns to be called when he works no more */
  begin(): () => void {
    this.#add(1);
    return () => this.#add(-1);
  }

  /** Closing twice is harmless. */
  close(): void {
    this.#isClosed = true;
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    try {
      rmSync(this.file, { force: true });
    } catch {
      // The next run takes it over.
    }
  }

  #add(workers: number): void {
    this.#count += workers;
    if (this.#isClosed) return;
    try {
      this.#descriptor ??= openSync(this.file, 'w', 0o600);
      writeSync(this.#descriptor, String(this.#count).padStart(2, '0'), 0);
    } catch {
      // A disk so full that it keeps the old number takes no record of the journal either, which ends the run.
    }
  }
}

/** Reads the number that the parent wrote. */
export class HeadCountReader {
  readonly #file: string | undefined;
  readonly #most: number;
  #descriptor: number | undefined;

  /** @param most taken for zero, since who reads works, and where there is no number: then everybody is careful */
  constructor(file: string | undefined, most: number) {
    this.#file = file;
    this.#most = most;
  }

  read(): number {
    if (this.#file === undefined) return this.#most;
    try {
      this.#descriptor ??= openSync(this.#file, 'r');
      const digits = Buffer.alloc(2);
      readSync(this.#descriptor, digits, 0, digits.length, 0);
      return Number(digits.toString('latin1')) || this.#most;
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
