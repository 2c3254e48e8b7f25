import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { FileLock } from '../../base/file-lock.ts';
import { type Journal, JournalError } from '../../base/journal.ts';
import type { JournalRecord } from '../../base/journal-content.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { printable } from '../../files/printable.ts';
import type { ContentId, EntryPath, Stamp } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Change, Met, SavedEntry } from '../replica/events.ts';
import type { ReplicaOptions } from '../replica/replica.ts';
import { beginSession, newId, type StateNotice } from './begin-session.ts';
import { begunOf, type FileIdentity, isDone, type Lying } from './begun-change.ts';
import {
  begunRecord,
  endedRecord,
  forgottenRecord,
  type Kept,
  metRecord,
  type RootIdentity,
  rootRecord,
  savedRecord,
  sessionRecord,
  settledRecord,
  toldRecord,
  weightOfRecord,
} from './kept.ts';
import { chunksRecords, type Part, type PartChunk, partRecord } from './parts.ts';
import { type OpenedState, openStateJournal } from './state-journal.ts';

// Below that a file is read in a blink, however little of it still says something.
const WORTH_COMPACTING = 2 ** 20;

/** What the state of a share needs of its surroundings. */
export interface ShareStateOptions {
  /** Random bytes: an id that another peer has as well would mix up what the two have said. */
  readonly random: (bytes: number) => Buffer;
  /** Which start of the machine this is; missing where the system does not tell. */
  readonly bootId?: string;
  readonly clock?: Clock;
}

/**
 * What a peer keeps: its id, all entries, how far it has dealt with those of others, the changes of the disk that it was at,
 * and the parts of files that it has got. In a journal, which is written before anybody is told.
 *
 * What records something throws JournalError E_JOURNAL_WRITE when it cannot be written.
 */
export class ShareState {
  /** Of this peer. A new one where something may be lost that others were told, so that no number is used twice. */
  readonly id: ReplicaId;
  /** What the user of the program has to know. */
  readonly notices: readonly StateNotice[];
  /** The bytes of parts may be other ones than those recorded: the machine was started anew since. Hash them again. */
  readonly partsAreUnsure: boolean;
  readonly #folder: string;
  readonly #journal: Journal;
  readonly #lock: FileLock;
  readonly #kept: Kept;
  readonly #random: ShareStateOptions['random'];
  #compaction: Promise<void> | undefined;

  private constructor(
    lock: FileLock,
    { journal, kept, ...opened }: OpenedState,
    folder: string,
    options: ShareStateOptions,
  ) {
    this.#folder = folder;
    this.#lock = lock;
    this.#random = options.random;
    this.#journal = journal;
    this.#kept = kept;
    const folderIno = statSync(folder, { bigint: true }).ino;
    const begun = beginSession(kept.session, { ...opened, folderIno, bootId: options.bootId, random: options.random });
    this.id = begun.session.replica;
    this.partsAreUnsure = begun.isOtherBoot;
    this.notices = begun.notices.map(({ level, text }) => ({ level, text: `${folder}: ${text}` }));
    this.#record(sessionRecord(begun.session));
    kept.begin(begun.session);
  }

  /**
   * Open the state in a folder, or begin one; the folder is made where it is missing. Until it is closed it is locked.
   *
   * @throws LockError, then nothing was touched; JournalError
   */
  static open(folder: string, options: ShareStateOptions): ShareState {
    makeFolder(folder);
    const lock = FileLock.take(join(folder, 'lock'), options.clock);
    let opened: OpenedState | undefined;
    try {
      opened = openStateJournal(join(folder, 'journal'), options.clock);
      return new ShareState(lock, opened, folder, options);
    } catch (error) {
      opened?.journal.abandon();
      lock.release();
      throw error;
    }
  }

  /** What the replica begins with. */
  get beginning(): ReplicaOptions {
    const { saved, settled, told, met, forgotten } = this.#kept;
    return { id: this.id, saved: saved.values(), settled, told, met, forgotten };
  }

  /** What the root of the share was when it was last told; `undefined` when it never was. */
  get root(): RootIdentity | undefined {
    return this.#kept.root;
  }

  get parts(): readonly Part[] {
    return this.#kept.parts.all();
  }

  /**
   * Before the replica begins: take stock of the changes that the last session was at. What is done counts as held.
   *
   * @param look tells what lies at a path
   * @returns paths of which nobody knows what became of them: they have to be looked at
   */
  async recover(look: (path: EntryPath) => Lying | Promise<Lying>): Promise<readonly EntryPath[]> {
    const unknown: EntryPath[] = [];
    for (const change of [...this.#kept.begun.values()]) {
      const { entry, saveAs } = change;
      const there = await look(entry.path);
      if (saveAs !== undefined) unknown.push(saveAs);
      if (isDone(change, there)) {
        this.save({ entry, stamp: unsure(there), number: this.#kept.last + 1 });
      } else {
        unknown.push(entry.path);
        this.withdraw(entry.path);
      }
    }
    return unknown;
  }

  /** An entry is held; where a change was begun to come to it, that one is done. */
  save(saved: SavedEntry): void {
    const { path } = saved.entry;
    const isEnd = this.#kept.begun.get(path)?.entry === saved.entry;
    this.#record(isEnd ? endedRecord(saved) : savedRecord(saved));
    if (isEnd) this.#kept.begun.delete(path);
    this.#kept.save(saved);
  }

  /** The entries of a peer are dealt with up to a number. */
  settle(peer: ReplicaId, upTo: number): void {
    this.#record(settledRecord(peer, upTo));
    this.#kept.settled.set(peer, upTo);
  }

  /** A peer is about to be told our entries up to a number. */
  tell(peer: ReplicaId, upTo: number): void {
    this.#record(toldRecord(peer, upTo));
    this.#kept.told.set(peer, upTo);
  }

  /** A peer was met. */
  meet(met: Met): void {
    this.#take(metRecord(met));
  }

  /**
   * A change of the disk is about to be made.
   *
   * @param identity of the file that will lie there: that of the part which is moved there, or of the file that is only to get
   *   another time
   */
  begin(change: Change, identity?: FileIdentity): void {
    const begun = begunOf(change, identity);
    this.#record(begunRecord(begun));
    this.#kept.begun.set(change.path, begun);
  }

  /** A change that was begun was not made. */
  withdraw(path: EntryPath): void {
    this.#record(['w', path]);
    this.#kept.begun.delete(path);
  }

  /** An empty part was made. */
  makePart(name: string, id: ContentId, size: number): void {
    this.#take(partRecord(name, id, size));
  }

  /** Chunks were written into a part: told behind that, and of many at once. */
  fillPart(name: string, chunks: readonly PartChunk[]): void {
    for (const record of chunksRecords(name, chunks)) this.#take(record);
  }

  /** A part is not there any more. */
  dropPart(name: string): void {
    this.#take(['q', name]);
  }

  /** A deletion does not have to be kept any longer. */
  forget(path: EntryPath, number: number): void {
    this.#record(forgottenRecord(path, number));
    this.#kept.forget(path, number);
  }

  /** Whoever opens it next goes on as a new peer, with all that is kept. */
  renew(): void {
    const { session } = this.#kept;
    if (session === undefined) throw new RangeError('no session has begun');
    const next = { ...session, replica: newId(this.#random) };
    this.#record(sessionRecord(next));
    this.#kept.begin(next);
  }

  /** The root of the share is this folder. */
  rootIs(root: RootIdentity): void {
    this.#record(rootRecord(root));
    this.#kept.root = root;
  }

  /**
   * What is recorded while `work` goes on, which waits for nothing, is written at its end in one go: before anybody can be told of it.
   */
  together(work: () => void): void {
    this.#journal.together(work);
  }

  /**
   * Nothing may go on when somebody has taken the state away: all that is recorded from then on is lost.
   *
   * @throws JournalError E_JOURNAL_WRITE
   */
  assertInPlace(): void {
    if (!this.#journal.isTakenAway) return;
    const cure = 'put it back, or start again: without it, all begins anew with what lies in the share';
    const message = `The state in ${printable(this.#folder)} was removed or replaced while it was in use: ${cure}`;
    throw new JournalError('E_JOURNAL_WRITE', message);
  }

  /** Fulfilled when all that was recorded by now is on the disk. */
  async sync(): Promise<void> {
    await this.#journal.sync();
  }

  /** End in order. Closing twice is harmless. */
  close(): void {
    try {
      this.#journal.close();
    } finally {
      this.#lock.release();
    }
  }

  /** Fulfilled when nothing is being compacted. */
  async compacted(): Promise<void> {
    await this.#compaction;
  }

  #take(record: JournalRecord): void {
    this.#record(record);
    this.#kept.understands(record);
  }

  #record(record: JournalRecord): void {
    this.#journal.append(record);
    this.#kept.written += weightOfRecord(record);
    if (this.#compaction === undefined && this.#kept.written > WORTH_COMPACTING) this.#compactWhenWorth();
  }

  #compactWhenWorth(): void {
    const kept = this.#kept;
    const { live } = kept;
    if (kept.written <= 2 * live) return;
    kept.written = live;
    this.#compaction = Promise.resolve()
      // Not before what is being recorded now counts as kept: it would be in neither.
      .then(() => this.#journal.rewriteGradually(kept.records()))
      // All is there as before; where the disk is full, whoever records the next thing is told.
      .catch(() => undefined)
      .finally(() => {
        this.#compaction = undefined;
      });
  }
}

/** A stamp that what lies there never has: what somebody did to it since, also to its rights, is found by reading it once more. */
function unsure({ type, stamp }: Lying): Stamp {
  return type === 'file' ? `${stamp}:unsure` : stamp;
}
