import { openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import { CodedError, codeOf, messageOf } from './coded-error.ts';
import {
  CLOSING_LINE,
  type JournalContent,
  type JournalRecord,
  parseJournal,
  type TakeRecord,
} from './journal-content.ts';
import { draftOf, JournalDraft } from './journal-draft.ts';
import { makeFolder, syncFolder } from './make-folder.ts';
import { hasNoRoom } from './no-room.ts';
import { readProblem } from './read-problem.ts';
import { SyncedFile } from './synced-file.ts';

/**
 * E_JOURNAL_WRITE: a record could not be written or not be brought onto the disk, which is full for example, or is lost ·
 * E_JOURNAL_OPEN: the file cannot be made, or is none. With `retry` where the disk is full.
 */
export type JournalErrorCode = 'E_JOURNAL_WRITE' | 'E_JOURNAL_OPEN';

/** A failure of a journal on disk. */
export class JournalError extends CodedError<JournalErrorCode> {
  override readonly name: string = 'JournalError';
}

// A file that is there, and of which nobody can tell what it says. ERR_FS_FILE_TOO_LARGE: Node reads up to 2 GiB at once.
const UNREADABLE: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EIO', 'ERR_FS_FILE_TOO_LARGE']);

/** How a journal is opened. */
export interface JournalOptions {
  readonly clock?: Clock;
  /** Where a file goes that cannot be read or trusted; without it, it is lost. */
  readonly setAside?: string;
}

/** A journal, and what its file was like. */
export type OpenedJournal = JournalContent & { readonly journal: Journal };

/**
 * Records of what was done, on disk, one line each, only ever added to.
 *
 * The first line says whose journal it is; a file with another first line is not read. The last line may be torn by a
 * crash: what was being written then counts as not done. Any other line that cannot be read makes the whole doubtful.
 *
 * A session that comes to its end in order leaves a mark as the last line, and the next one takes it away before anything
 * else: a file that has lost its end, and be it at the end of a line, is known by that.
 */
export class Journal {
  readonly #path: string;
  readonly #header: string;
  readonly #clock: Clock;
  #file: SyncedFile | undefined;
  /** What will replace the file, as long as it is being written. */
  #draft: JournalDraft | undefined;
  /** What is to be written together. */
  #gathered: string[] | undefined;
  #hasFailed = false;

  private constructor(path: string, header: string, clock: Clock) {
    this.#path = path;
    this.#header = header;
    this.#clock = clock;
  }

  /**
   * Open the journal in a file, or begin one; its folder is made where it is missing. Only its owner may read it.
   *
   * What cannot be read, or be trusted, is replaced by an empty journal.
   *
   * @param header whose it is: one line of text
   * @param take is given what is there
   * @throws JournalError E_JOURNAL_OPEN
   */
  static open(path: string, header: string, take: TakeRecord, options: JournalOptions = {}): OpenedJournal {
    const { clock = systemClock, setAside } = options;
    return orJournalError(path, () => {
      makeFolder(dirname(path));
      // A crash may have left a rewrite that never came to its end.
      rmSync(draftOf(path), { force: true });
      const { wholeBytes, ...content } = contentOf(path, header, take);
      if (content.doubt !== undefined && setAside !== undefined) renameSync(path, setAside);
      const journal = new Journal(path, header, clock);
      if (wholeBytes === 0) journal.#replace([]);
      else journal.#continueAt(wholeBytes);
      return { journal, ...content };
    });
  }

  /**
   * Read the journal in a file and leave the file, or its absence, as it is.
   *
   * @throws JournalError E_JOURNAL_OPEN
   */
  static read(path: string, header: string, take: TakeRecord): JournalContent {
    const { wholeBytes: _, ...content } = orJournalError(path, () => contentOf(path, header, take));
    return content;
  }

  /**
   * Written at once, and on the disk at most 200 ms later.
   *
   * @throws JournalError E_JOURNAL_WRITE: then the record counts as not written; or records before it, which were, did not
   *   come onto the disk
   */
  append(record: JournalRecord): void {
    this.#orNoOrderlyEnd(() => {
      const line = `${JSON.stringify(record)}\n`;
      if (this.#gathered === undefined) this.#orWriteError(() => this.#open().append(line));
      else this.#gathered.push(line);
      this.#draft?.add(line);
    });
  }

  /**
   * What is appended while something is done that waits for nothing is written at its end, with one call of the system.
   *
   * @throws JournalError E_JOURNAL_WRITE: then none of it counts as written; and whatever the work throws
   */
  together(work: () => void): void {
    if (this.#gathered !== undefined) {
      work();
      return;
    }
    const lines: string[] = [];
    this.#gathered = lines;
    try {
      work();
    } finally {
      this.#gathered = undefined;
      const append = () => this.#open().append(lines.join(''));
      if (lines.length > 0) this.#orNoOrderlyEnd(() => this.#orWriteError(append));
    }
  }

  /**
   * Put other records in place of all that is there; until the last moment the old ones are the ones on disk.
   *
   * @throws JournalError E_JOURNAL_WRITE: then the old ones stay
   */
  rewrite(records: Iterable<JournalRecord>): void {
    this.#orWriteError(() => this.#replace(records));
  }

  /**
   * The same, a few records at a time, for so many that nobody could wait for them. What is appended meanwhile comes behind
   * them. When the journal is closed before the end, all stays as it was.
   *
   * @param records may be made from what is changed meanwhile: what is appended is taken to correct what was read too early
   * @throws JournalError E_JOURNAL_WRITE: then the old ones stay
   */
  async rewriteGradually(records: Iterable<JournalRecord>): Promise<void> {
    if (this.#draft !== undefined) throw new RangeError('it is being rewritten');
    // Who closed it may not be the last one to open it.
    this.#open();
    let draft: JournalDraft | undefined;
    try {
      draft = new JournalDraft(this.#path);
      this.#draft = draft;
      await draft.write(this.#header, records);
      if (this.#draft === draft) this.#use(draft.take());
    } catch (error) {
      this.#orWriteError(() => {
        throw error;
      });
    } finally {
      draft?.discard();
      if (this.#draft === draft) this.#draft = undefined;
    }
  }

  /** Wait until all records are on the disk. @throws JournalError E_JOURNAL_WRITE */
  async sync(): Promise<void> {
    const file = this.#file;
    await file?.sync().catch((error: unknown) => {
      // All that was written by then is in the file that has replaced it, and on the disk.
      if (this.#file !== undefined && this.#file !== file) return;
      this.#hasFailed = true;
      this.#orWriteError(() => {
        throw error;
      });
    });
  }

  /** Was the file removed, or another one put in its place? Nobody would ever read what is appended to it. */
  get isTakenAway(): boolean {
    return this.#file?.isAt(this.#path) === false;
  }

  /**
   * End the session in order: all records are on the disk. After a failure there is no such end, and the file is only
   * closed. Closing twice is harmless.
   *
   * @throws JournalError E_JOURNAL_WRITE when that fails; the file is closed all the same
   */
  close(): void {
    const file = this.#file;
    try {
      if (!file || this.#hasFailed) return;
      this.#orWriteError(() => {
        // One after the other: the mark says that the records before it are there.
        file.syncNow();
        file.append(CLOSING_LINE);
        file.syncNow();
      });
    } finally {
      this.abandon();
    }
  }

  /** Close the file as a crash would leave it. */
  abandon(): void {
    this.#forgetDraft();
    this.#file?.close();
    this.#file = undefined;
  }

  #orNoOrderlyEnd(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }

  #open(): SyncedFile {
    if (!this.#file) throw new RangeError('it is closed');
    return this.#file;
  }

  /** The mark of the last session goes, and what was torn with it, before anything else happens. */
  #continueAt(wholeBytes: number): void {
    this.#file = new SyncedFile(openSync(this.#path, 'a', 0o600), wholeBytes, this.#clock);
    try {
      this.#file.cutTo(wholeBytes);
      this.#file.syncNow();
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  #forgetDraft(): void {
    this.#draft?.discard();
    this.#draft = undefined;
  }

  #replace(records: Iterable<JournalRecord>): void {
    this.#forgetDraft();
    this.#use(new JournalDraft(this.#path).replace(this.#header, records));
  }

  /** Go on with a draft that has taken the place of the file. */
  #use({ descriptor, size }: { readonly descriptor: number; readonly size: number }): void {
    this.#file?.close();
    this.#file = new SyncedFile(descriptor, size, this.#clock);
    // Otherwise the old file may be back after a power failure, without what is appended to this one.
    syncFolder(dirname(this.#path));
  }

  #orWriteError(work: () => void): void {
    try {
      work();
    } catch (cause) {
      const message = `Cannot write to the journal ${this.#path}: ${codeOf(cause) ?? messageOf(cause)}`;
      throw new JournalError('E_JOURNAL_WRITE', message, { cause, retry: hasNoRoom(cause) });
    }
  }
}

function orJournalError<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const message = `Cannot keep a journal in ${path}: ${codeOf(cause) ?? messageOf(cause)}`;
    throw new JournalError('E_JOURNAL_OPEN', message, { cause, retry: hasNoRoom(cause) });
  }
}

function contentOf(path: string, header: string, take: TakeRecord) {
  const none = parseJournal(undefined, header, take);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (UNREADABLE.has(codeOf(error))) return { ...none, doubt: doubtOf(error) };
    if (codeOf(error) === 'ENOENT') return none;
    throw error;
  }
  return parseJournal(bytes, header, take);
}

function doubtOf(error: unknown): string {
  return codeOf(error) === 'ERR_FS_FILE_TOO_LARGE' ? 'it is too large to read' : readProblem(error);
}
