import { FileLock } from '../base/file-lock.ts';
import { Journal } from '../base/journal.ts';
import type { JournalContent, JournalRecord } from '../base/journal-content.ts';
import { countEntries, Directory, join, nameOf, parentOf, walk } from '../files/directory.ts';
import { File } from '../files/file.ts';
import type { JobKind } from '../transfer/progress.ts';
import { identityOf, journalFileOf, lockFileOf, type Pair } from './pair.ts';

/** Size in bytes and time in milliseconds since 1970 of a near file, as it is on the far side now. */
export interface Version {
  readonly size: number;
  readonly mtimeMs: number;
}

/** A step that was begun and of which it is not known how it ended. */
export interface Doubt extends Version {
  readonly kind: JobKind;
  readonly path: string;
}

// The size of no file: what is on the far side differs from whatever is on the near one.
const UNSURE: Version = { size: -1, mtimeMs: 0 };

/** Is it not known which content the file has, or whether there is one? */
export function isUnsure(version: Version | undefined): boolean {
  return version === undefined || version.size === UNSURE.size;
}

// Below this many records a file is read in a blink, however few of them still say something.
const WORTH_COMPACTING = 1000;

/** What is held from opening to closing. */
interface Kept {
  readonly journal: Journal;
  readonly lock: FileLock;
}

/**
 * What the mirror knows to be on the far side and to be its own: what it put there, and what it found equal there.
 *
 * Every step is a record before it is begun, and another when it is finished, written before anything else is done.
 * Between the two it is in doubt. Nothing that is not in here is ever removed from the far side.
 *
 * What records something throws JournalError E_JOURNAL_WRITE when it cannot be written; then nothing is remembered.
 */
export class PairJournal {
  /** What is on the far side. */
  readonly far: Directory;
  /** Why the journal of earlier runs could not be used; missing when it could, or when there was none. */
  readonly doubt: string | undefined;
  /**
   * The run before did not end in order, or the end of its journal is lost: records may be missing. Until the far side has
   * been listed, {@link farIsKnown} is false; of what {@link far} says then, only that counts which the listing agrees
   * with in size and, where the far side keeps times, in time. The rest is to be forgotten: it is a stranger's.
   */
  readonly isCutOff: boolean;
  /** Missing when nothing is to be written. */
  readonly #kept: Kept | undefined;
  readonly #state: State;
  /** Records in the file; a few more or less do not matter. */
  #length: number;
  #mustBeListed: boolean;

  private constructor({ records, doubt, isCutOff }: JournalContent, kept?: Kept) {
    const state = replay(records);
    this.#state = state ?? emptyState();
    this.#kept = kept;
    this.#length = records.length;
    this.far = this.#state.far;
    this.doubt = state ? doubt : 'it holds an unknown record';
    this.isCutOff = isCutOff && state !== undefined;
    this.#mustBeListed = this.isCutOff;
    if (!state) kept?.journal.rewrite([]);
    this.#compact();
  }

  /**
   * Open the journal of a pair, or begin one. Until it is closed it is locked: no other instance can work on the pair.
   *
   * @param readOnly for a dry run: what is recorded is remembered, but not written, and nothing is locked
   * @throws LockError, then nothing was touched; JournalError
   */
  static open(stateFolder: string, pair: Pair, { readOnly = false } = {}): PairJournal {
    const header = JSON.stringify({ filesmirror: 'journal', version: 1, pair: JSON.parse(identityOf(pair)) });
    const file = journalFileOf(stateFolder, pair);
    if (readOnly) return new PairJournal(Journal.read(file, header));
    const lock = FileLock.take(lockFileOf(stateFolder, pair));
    let journal: Journal | undefined;
    try {
      const opened = Journal.open(file, header);
      journal = opened.journal;
      return new PairJournal(opened, { journal, lock });
    } catch (error) {
      journal?.abandon();
      lock.release();
      throw error;
    }
  }

  /** Has the far side been looked at, so that what is not in {@link far} is not there or not ours? */
  get farIsKnown(): boolean {
    return this.#state.farListedMs !== undefined && !this.#mustBeListed;
  }

  /** What was begun, by this run or one before, and not seen to end well. */
  doubts(): readonly Doubt[] {
    return [...this.#state.doubts.values()].flatMap((doubts) => doubts.slice(-1));
  }

  /** When the far side was last listed, in milliseconds since 1970 (UTC); `undefined` when it is not known to have been. */
  get farListedMs(): number | undefined {
    return this.#state.farListedMs;
  }

  /** The far side has been listed to its end. */
  farListed(nowMs: number): void {
    this.#record(['k', nowMs]);
    this.#mustBeListed = false;
  }

  /** The far side is about to be asked for something: whatever becomes of it. */
  begin({ path, kind, size, mtimeMs }: Doubt): void {
    this.#record(['b', path, kind, size, mtimeMs]);
  }

  /** The far side was not asked after all. */
  withdraw(path: string): void {
    this.#record(['w', path]);
  }

  folderIsThere(path: string): void {
    this.#record(['d', path]);
  }

  fileIsThere(path: string, { size, mtimeMs }: Version): void {
    this.#record(['f', path, size, mtimeMs]);
  }

  /** It is there and our own, but nobody knows with which content. */
  fileIsUnsure(path: string): void {
    this.fileIsThere(path, UNSURE);
  }

  fileIsGone(path: string): void {
    this.#record(['x', path]);
  }

  folderIsGone(path: string): void {
    this.#record(['r', path]);
  }

  /**
   * A cycle has ended: wait until all of it is on the disk, so that what was told as done stays done; and drop what says
   * nothing any more, since a mirror may run for weeks.
   *
   * @throws JournalError E_JOURNAL_WRITE
   */
  async cycleEnded(): Promise<void> {
    this.#compact();
    await this.#kept?.journal.sync();
  }

  /**
   * To be called once. Where the far side was to be listed and was not, it is still to be listed by the next run.
   *
   * @throws JournalError E_JOURNAL_WRITE when the end cannot be noted: the next run then lists the far side
   */
  close(): void {
    try {
      if (this.#mustBeListed) this.#kept?.journal.abandon();
      else this.#kept?.journal.close();
    } finally {
      this.#kept?.lock.release();
    }
  }

  /** On disk first: what is remembered but not written would be forgotten without a word. */
  #record(record: JournalRecord): void {
    this.#kept?.journal.append(record);
    this.#length += 1;
    apply(record, this.#state);
  }

  #compact(): void {
    if (this.#length <= WORTH_COMPACTING || this.#length <= 2 * countEntries(this.far)) return;
    this.#kept?.journal.rewrite(recordsOf(this.#state));
    this.#length = countEntries(this.far);
  }
}

interface State {
  readonly far: Directory;
  /** By path, the latest last. */
  readonly doubts: Map<string, readonly Doubt[]>;
  farListedMs: number | undefined;
}

function emptyState(): State {
  return { far: new Directory(''), doubts: new Map(), farListedMs: undefined };
}

function replay(records: readonly JournalRecord[]): State | undefined {
  const state = emptyState();
  for (const record of records) {
    if (!apply(record, state)) return undefined;
  }
  return state;
}

/** @returns whether the record could be understood */
function apply([kind, path = '', ...values]: JournalRecord, state: State): boolean {
  if (kind === 'k') {
    // Journals once did not say when: so long ago, then, that it is due again.
    state.farListedMs = typeof path === 'number' ? path : 0;
    return true;
  }
  if (typeof path !== 'string' || !isPath(path)) return false;
  if (kind === 'b') return applyBegin(path, values, state);
  if (kind === 'w') return applyWithdraw(path, state);
  // Every other record says how the step ended.
  state.doubts.delete(path);
  return applyEnd(kind, path, values, state);
}

function applyBegin(path: string, [kind, size, mtimeMs]: readonly (string | number)[], { doubts }: State): boolean {
  if (!isJobKind(kind) || typeof size !== 'number' || typeof mtimeMs !== 'number') return false;
  doubts.set(path, [...(doubts.get(path) ?? []), { kind, path, size, mtimeMs }]);
  return true;
}

function applyWithdraw(path: string, { doubts }: State): boolean {
  const older = doubts.get(path)?.slice(0, -1) ?? [];
  if (older.length > 0) doubts.set(path, older);
  else doubts.delete(path);
  return true;
}

function applyEnd(kind: string, path: string, [size, mtimeMs]: readonly (string | number)[], { far }: State): boolean {
  switch (kind) {
    case 'd':
      far.makeDirectoryAt(path);
      return true;
    case 'x':
      far.directoryAt(parentOf(path))?.deleteFile(nameOf(path));
      return true;
    case 'r':
      far.directoryAt(parentOf(path))?.deleteDirectory(nameOf(path));
      return true;
    case 'f':
      if (typeof size !== 'number' || typeof mtimeMs !== 'number') return false;
      far.makeDirectoryAt(parentOf(path)).setFile(new File(nameOf(path), size, mtimeMs));
      return true;
    default:
      return false;
  }
}

function isJobKind(kind: unknown): kind is JobKind {
  return kind === 'mkdir' || kind === 'rmdir' || kind === 'upload' || kind === 'remove';
}

/** A path of the journal may end in a removal: one that leaves the far root is never believed. */
function isPath(path: string): boolean {
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

function* recordsOf({ far, doubts, farListedMs }: State): Generator<JournalRecord> {
  for (const { path, directory } of walk(far)) {
    if (path !== '') yield ['d', path];
    for (const { name, size, mtimeMs } of directory.files()) yield ['f', join(path, name), size, mtimeMs];
  }
  if (farListedMs !== undefined) yield ['k', farListedMs];
  for (const { path, kind, size, mtimeMs } of [...doubts.values()].flat()) yield ['b', path, kind, size, mtimeMs];
}
