import { createCipheriv, createHash } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';

/**
 * Content that is the same for the same label and never repeats itself, so that a piece in the wrong place is noticed.
 *
 * @param label any text
 * @param size in bytes
 */
export function contentOf(label: string, size: number): Buffer {
  const key = createHash('sha256').update(label).digest();
  // A stream cipher over zeros is the quickest source of such bytes that Node has.
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** Times that are whole seconds, in the past, and never given twice by one clock. */
export class PastTimes {
  #next: number;

  /** @param after all times are later than this, in whole seconds since 1970 (UTC) */
  constructor(after: number) {
    this.#next = after;
  }

  /** The next time, in seconds since 1970 (UTC). */
  next(): number {
    // A prime number of seconds, more than an hour: minutes and seconds differ too, and so do the lines of a LIST.
    this.#next += 3_917;
    return this.#next;
  }
}

/** Write a file with a time. */
export function writeFileAt(path: string | Buffer, content: Buffer, mtimeSeconds: number): void {
  writeFileSync(path, content);
  utimesSync(path, mtimeSeconds, mtimeSeconds);
}
