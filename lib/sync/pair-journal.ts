import { Journal, type JournalRecord } from '../base/journal.ts';
import { countEntries, Directory, join, nameOf, parentOf, walk } from '../files/directory.ts';
import { File } from '../files/file.ts';
import { identityOf, journalFileOf, type Pair } from './pair.ts';

/** Size in bytes and time in milliseconds since 1970 of a near file, as it is on the far side now. */
export interface Version {
  readonly size: number;
  readonly mtimeMs: number;
}

// Below this many records a file is read in a blink, however few of them still say something.
const WORTH_COMPACTING = 1000;

/**
 * What the mirror knows to be on the far side and to be its own: what it put there, and what it found equal there.
 *
 * Every finished step is one record, written before anything else is done. Nothing that is not in here is ever removed
 * from the far side.
 */
export class PairJournal {
  /** What is on the far side. */
  readonly far: Directory;
  /** Why the journal of earlier runs could not be used; missing when it could, or when there was none. */
  readonly doubt: string | undefined;
  readonly #journal: Journal | undefined;
  #farIsKnown: boolean;

  private constructor(journal: Journal | undefined, state: State, doubt?: string) {
    this.#journal = journal;
    this.far = state.far;
    this.#farIsKnown = state.farIsKnown;
    this.doubt = doubt;
  }

  /**
   * Open the journal of a pair, or begin one.
   *
   * @param readOnly for a dry run: what is recorded is remembered, but not written
   * @throws JournalError E_JOURNAL_OPEN
   */
  static open(stateFolder: string, pair: Pair, { readOnly = false } = {}): PairJournal {
    const header = JSON.stringify({ filesmirror: 'journal', version: 1, pair: JSON.parse(identityOf(pair)) });
    const file = journalFileOf(stateFolder, pair);
    const journal = readOnly ? undefined : Journal.open(file, header);
    const { records, doubt } = journal ?? Journal.read(file, header);
    const state = replay(records);
    const opened = new PairJournal(
      journal?.journal,
      state ?? emptyState(),
      state ? doubt : 'it holds an unknown record',
    );
    opened.#compact(records.length);
    return opened;
  }

  /** Has the far side been looked at, so that what is not in {@link far} is not there or not ours? */
  get farIsKnown(): boolean {
    return this.#farIsKnown;
  }

  /** The far side has been listed to its end. */
  farListed(): void {
    this.#farIsKnown = true;
    this.#journal?.append(['k']);
  }

  folderIsThere(path: string): void {
    this.far.makeDirectoryAt(path);
    this.#journal?.append(['d', path]);
  }

  fileIsThere(path: string, { size, mtimeMs }: Version): void {
    setFile(this.far, path, size, mtimeMs);
    this.#journal?.append(['f', path, size, mtimeMs]);
  }

  fileIsGone(path: string): void {
    this.far.directoryAt(parentOf(path))?.deleteFile(nameOf(path));
    this.#journal?.append(['x', path]);
  }

  folderIsGone(path: string): void {
    this.far.directoryAt(parentOf(path))?.deleteDirectory(nameOf(path));
    this.#journal?.append(['r', path]);
  }

  /** To be called once. */
  close(): void {
    this.#journal?.close();
  }

  /** Also what makes a journal that could not be understood a fresh one. */
  #compact(records: number): void {
    const worthIt = records > WORTH_COMPACTING && records > 2 * countEntries(this.far);
    if (worthIt || this.doubt !== undefined) this.#journal?.rewrite(recordsOf(this.far, this.#farIsKnown));
  }
}

interface State {
  readonly far: Directory;
  farIsKnown: boolean;
}

function emptyState(): State {
  return { far: new Directory(''), farIsKnown: false };
}

function replay(records: readonly JournalRecord[]): State | undefined {
  const state = emptyState();
  for (const record of records) {
    if (!apply(record, state)) return undefined;
  }
  return state;
}

/** @returns whether the record could be understood */
function apply([kind, path = '', size, mtimeMs]: JournalRecord, state: State): boolean {
  if (kind === 'k') {
    state.farIsKnown = true;
    return true;
  }
  if (typeof path !== 'string' || !isPath(path)) return false;
  if (kind === 'd') state.far.makeDirectoryAt(path);
  else if (kind === 'x') state.far.directoryAt(parentOf(path))?.deleteFile(nameOf(path));
  else if (kind === 'r') state.far.directoryAt(parentOf(path))?.deleteDirectory(nameOf(path));
  else if (kind === 'f' && typeof size === 'number' && typeof mtimeMs === 'number') {
    setFile(state.far, path, size, mtimeMs);
  } else return false;
  return true;
}

/** A path of the journal may end in a removal: one that leaves the far root is never believed. */
function isPath(path: string): boolean {
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

function setFile(root: Directory, path: string, size: number, mtimeMs: number): void {
  root.makeDirectoryAt(parentOf(path)).setFile(new File(nameOf(path), size, mtimeMs));
}

function* recordsOf(far: Directory, farIsKnown: boolean): Generator<JournalRecord> {
  for (const { path, directory } of walk(far)) {
    if (path !== '') yield ['d', path];
    for (const { name, size, mtimeMs } of directory.files()) yield ['f', join(path, name), size, mtimeMs];
  }
  if (farIsKnown) yield ['k'];
}
