import type { JournalRecord } from '../../base/journal-content.ts';

/** The values of a record, taken one after the other; throws RangeError where one is missing or of another kind. */
export class Fields {
  readonly #record: JournalRecord;
  #at = 1;

  constructor(record: JournalRecord) {
    this.#record = record;
  }

  text(): string {
    const value = this.#next();
    if (typeof value !== 'string') throw new RangeError('a text is missing');
    return value;
  }

  /** A whole number, not below 0. */
  count(): number {
    const value = this.#next();
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
      throw new RangeError('a number is missing');
    return value;
  }

  /** Any whole number: a time before 1970 for example. */
  integer(): number {
    const value = this.#next();
    if (!Number.isSafeInteger(value)) throw new RangeError('a number is missing');
    return Number(value);
  }

  /** A number of the system, which may be longer than a JavaScript number is exact. */
  long(): bigint {
    const text = this.text();
    if (!/^-?\d+$/.test(text)) throw new RangeError('a number is missing');
    return BigInt(text);
  }

  bytes(): Buffer {
    return Buffer.from(this.text(), 'base64');
  }

  /** Is there another one? */
  get hasMore(): boolean {
    return this.#at < this.#record.length;
  }

  #next(): string | number | undefined {
    const value = this.#record[this.#at];
    this.#at += 1;
    return value;
  }
}
