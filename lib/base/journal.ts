import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CodedError, codeOf, messageOf } from './coded-error.ts';

/** E_JOURNAL_WRITE: a record could not be written, the disk is full for example · E_JOURNAL_OPEN: the file cannot be made. */
export type JournalErrorCode = 'E_JOURNAL_WRITE' | 'E_JOURNAL_OPEN';

/** A failure of a journal on disk. */
export class JournalError extends CodedError<JournalErrorCode> {
  override readonly name: string = 'JournalError';
}

/** One record: a JSON array whose first element says what it is. */
export type JournalRecord = readonly [kind: string, ...values: (string | number)[]];

/** What a journal's file holds. */
export interface JournalContent {
  /** Oldest first; empty when there is no file or a doubtful one. */
  readonly records: readonly JournalRecord[];
  /** Why what is there cannot be trusted, in a few words; missing when it can, or when nothing is there. */
  readonly doubt?: string;
}

// Appending also holds after a cut: a mere position in the file would then leave a gap of NULs.
const EMPTY_TO_APPEND = constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY | constants.O_APPEND;

// No file ever has this descriptor: whoever writes to it is refused.
const CLOSED = -1;

/**
 * Records of what was done, on disk, one line each, only ever added to.
 *
 * The first line says whose journal it is; a file with another first line is not read. The last line may be torn by a
 * crash: what was being written then counts as not done. Any other line that cannot be read makes the whole doubtful.
 */
export class Journal {
  readonly #file: string;
  readonly #header: string;
  #descriptor: number;
  /** Bytes of whole lines in the file. */
  #size = 0;
  /** A write failed: behind the whole lines there may be a part of another. */
  #isTorn = false;

  private constructor(file: string, header: string, descriptor: number) {
    this.#file = file;
    this.#header = header;
    this.#descriptor = descriptor;
  }

  /**
   * Open the journal in a file, or begin one; its folder is made where it is missing. Only its owner may read it.
   *
   * @param header whose it is: one line of text
   * @throws JournalError E_JOURNAL_OPEN
   */
  static open(file: string, header: string): JournalContent & { readonly journal: Journal } {
    return orJournalError(file, () => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const { wholeBytes, ...content } = parse(readOrNothing(file), header);
      const journal = new Journal(file, header, openSync(file, 'a', 0o600));
      try {
        if (wholeBytes === 0) journal.#replace([]);
        else journal.#cutTo(wholeBytes);
      } catch (error) {
        journal.close();
        throw error;
      }
      return { journal, ...content };
    });
  }

  /**
   * Read the journal in a file and leave the file, or its absence, as it is.
   *
   * @throws JournalError E_JOURNAL_OPEN
   */
  static read(file: string, header: string): JournalContent {
    return orJournalError(file, () => parse(readOrNothing(file), header));
  }

  /** @throws JournalError E_JOURNAL_WRITE: then the record counts as not written */
  append(record: JournalRecord): void {
    this.#orWriteError(() => {
      if (this.#isTorn) this.#cutTo(this.#size);
      this.#isTorn = true;
      this.#size += writeWhole(this.#descriptor, `${JSON.stringify(record)}\n`);
      this.#isTorn = false;
    });
  }

  /**
   * Put other records in place of all that is there; until the last moment the old ones are the ones on disk.
   *
   * @throws JournalError E_JOURNAL_WRITE: then the old ones stay
   */
  rewrite(records: Iterable<JournalRecord>): void {
    this.#orWriteError(() => this.#replace(records));
  }

  /** Closing twice is harmless. */
  close(): void {
    if (this.#descriptor === CLOSED) return;
    closeSync(this.#descriptor);
    this.#descriptor = CLOSED;
  }

  #replace(records: Iterable<JournalRecord>): void {
    const next = `${this.#file}.new`;
    const descriptor = openSync(next, EMPTY_TO_APPEND, 0o600);
    let size = 0;
    try {
      size += writeWhole(descriptor, `${this.#header}\n`);
      for (const record of records) size += writeWhole(descriptor, `${JSON.stringify(record)}\n`);
      // Without it a power failure may leave the new name with nothing in it.
      fsyncSync(descriptor);
      renameSync(next, this.#file);
    } catch (error) {
      closeSync(descriptor);
      rmSync(next, { force: true });
      throw error;
    }
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#size = size;
    this.#isTorn = false;
  }

  #cutTo(bytes: number): void {
    ftruncateSync(this.#descriptor, bytes);
    this.#size = bytes;
  }

  #orWriteError(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const message = `Cannot write to the journal ${this.#file}: ${codeOf(cause) ?? messageOf(cause)}`;
      throw new JournalError('E_JOURNAL_WRITE', message, { cause });
    }
  }
}

function orJournalError<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new JournalError('E_JOURNAL_OPEN', `Cannot keep a journal in ${file}: ${codeOf(error) ?? messageOf(error)}`, {
      cause: error,
    });
  }
}

/** `wholeBytes`: up to where the file holds whole records that can be trusted. */
function parse(bytes: Buffer, header: string): JournalContent & { readonly wholeBytes: number } {
  const nothing = { records: [], wholeBytes: 0 };
  if (bytes.length === 0) return nothing;
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  // Decoded all the same, a damaged name would be read as another name, and one of another length.
  if (!isUtf8(whole)) return { ...nothing, doubt: 'it is not text in UTF-8' };
  const [first, ...lines] = whole.toString().split('\n');
  lines.pop();
  if (first !== header) return { ...nothing, doubt: 'it is the journal of something else, or of another version' };
  const records: JournalRecord[] = [];
  for (const [index, line] of lines.entries()) {
    const record = recordIn(line);
    if (!record) return { ...nothing, doubt: `line ${index + 2} cannot be read` };
    records.push(record);
  }
  return { records, wholeBytes: whole.length };
}

function recordIn(line: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is JournalRecord {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  return value.every((part) => typeof part === 'string' || typeof part === 'number');
}

function readOrNothing(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/**
 * A write may be cut short, by a signal or a nearly full disk, without an error.
 *
 * @returns bytes written
 */
function writeWhole(descriptor: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  return bytes.length;
}
