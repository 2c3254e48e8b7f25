import { FileLock } from '../base/file-lock.ts';
import { Journal } from '../base/journal.ts';
import type { JournalContent, JournalRecord } from '../base/journal-content.ts';
import { countEntries, type Directory, parentOf } from '../files/directory.ts';
import { identityOf, journalFileOf, lockFileOf, type Pair } from './pair.ts';
import {
  apply,
  type Doubt,
  emptyState,
  type PairState,
  Replay,
  recordsOf,
  UNSURE,
  type Version,
} from './pair-state.ts';

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
   * with in size and, where the far side keeps times, in time. The rest is to be forgotten: it is a stranger's. What no
   * listing shows may be one, too.
   */
  readonly isCutOff: boolean;
  /** Missing when nothing is to be written. */
  readonly #kept: Kept | undefined;
  readonly #state: PairState;
  /** Records in the file; a few more or less do not matter. */
  #length: number;
  #mustBeListed: boolean;

  private constructor({ doubt, isCutOff }: JournalContent, replay: Replay, kept?: Kept) {
    const state = doubt === undefined ? replay.state : emptyState();
    this.#state = state ?? emptyState();
    this.#kept = kept;
    this.#length = replay.length;
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
    const replay = new Replay();
    const take = (record: JournalRecord) => replay.take(record);
    if (readOnly) return new PairJournal(Journal.read(file, header, take), replay);
    const lock = FileLock.take(lockFileOf(stateFolder, pair));
    let journal: Journal | undefined;
    try {
      const opened = Journal.open(file, header, take);
      journal = opened.journal;
      return new PairJournal(opened, replay, { journal, lock });
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

  /** Which listing showed nothing but the mirror's own, by its time; `undefined` when none ever did. */
  get ownOnlyMs(): number | undefined {
    return this.#state.ownOnlyMs;
  }

  /** What others had on the far side when it was last listed is gone. */
  onlyOwnIsThere(): void {
    this.#record(['e', this.farListedMs ?? 0]);
  }

  /** What told the near root from other folders when both sides were equal last; `undefined` when that never was. */
  get nearIdentity(): string | undefined {
    return this.#state.nearIdentity;
  }

  /** Paths of near folders in which a disk of its own is mounted. */
  get mounts(): ReadonlySet<string> {
    return this.#state.mounts;
  }

  /** Folders that no listing has shown since records may have been lost; what is below them was not seen either. */
  get unseen(): ReadonlySet<string> {
    return this.#state.unseen;
  }

  /** Is all told here that this mirror did in a far folder? Else what looks half-done there may be a stranger's. */
  knowsFolder(path: string): boolean {
    if (!this.farIsKnown) return false;
    for (let at = path; at !== ''; at = parentOf(at)) if (this.unseen.has(at)) return false;
    return true;
  }

  /** The far side has been listed, but for this folder. */
  folderIsUnseen(path: string): void {
    this.#record(['g', path]);
  }

  /** This folder has been listed, or is not there. */
  folderIsSeen(path: string): void {
    this.#record(['s', path]);
  }

  /** From now on the near root is this one. */
  nearIs(identity: string): void {
    this.#record(['n', identity]);
  }

  /** In the near folder at this path a disk is mounted. */
  diskIsMounted(path: string): void {
    this.#record(['m', path]);
  }

  /** The near folder at this path is one like the others, or gone for good. */
  noDiskIsMounted(path: string): void {
    this.#record(['u', path]);
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
    const least = countEntries(this.far) + this.#state.doubts.size;
    if (this.#length <= WORTH_COMPACTING || this.#length <= 2 * least) return;
    this.#kept?.journal.rewrite(recordsOf(this.#state));
    this.#length = least;
  }
}
