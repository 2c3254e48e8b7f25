import type { JournalRecord } from '../../base/journal-content.ts';
import type { Entry, EntryPath } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Met, Renumbering, SavedEntry } from '../replica/events.ts';
import { type BegunChange, begunFieldsOf, readBegun } from './begun-change.ts';
import { EntryReader, fieldsOf } from './entry-fields.ts';
import { Fields } from './fields.ts';
import { Parts } from './parts.ts';

/** One run of the program upon the database. */
export interface Session {
  readonly replica: ReplicaId;
  /** Which start of the machine it belonged to; '' where the system does not tell. */
  readonly bootId: string;
  /** Of the state folder: a copy has another one. */
  readonly folderIno: bigint;
}

/** What told the root of the share from every other folder. */
export interface RootIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** What the records of the journal of a share say, taken one after the other. */
export class Kept {
  session: Session | undefined;
  root: RootIdentity | undefined;
  readonly saved = new Map<EntryPath, SavedEntry>();
  readonly settled = new Map<ReplicaId, number>();
  /** Up to which number each peer was ever told. */
  readonly told = new Map<ReplicaId, number>();
  /** Of each peer that was met, the highest number of a deletion that it may have forgotten and that is not missed. */
  readonly met = new Map<ReplicaId, number>();
  readonly begun = new Map<EntryPath, BegunChange>();
  readonly parts = new Parts();
  /** The highest number of a deletion that was forgotten. */
  forgotten = 0;
  /** The number of the newest entry. */
  last = 0;
  /** Bytes of all records, and of those that say what is kept now; both roughly. */
  written = 0;
  #live = 0;
  readonly #entries = new EntryReader();

  /** Bytes of the records that it would take to say all that is kept now, roughly. */
  get live(): number {
    return this.#live + this.parts.weight;
  }

  /** @returns false for a record that nobody understands */
  understands(record: JournalRecord): boolean {
    try {
      return this.#read(record);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  /**
   * A session begins. As another peer it has met nobody, and told nobody anything: the others would take one that knows more of
   * them than they ever told it for proof that they have forgotten something, and begin anew as well.
   */
  begin(session: Session): void {
    if (session.replica !== this.session?.replica) {
      this.settled.clear();
      this.told.clear();
      this.met.clear();
    }
    this.session = session;
  }

  save(saved: SavedEntry): void {
    const { path } = saved.entry;
    const before = this.saved.get(path);
    if (before !== undefined) this.#live -= weightOf(before.entry);
    this.#live += weightOf(saved.entry);
    this.saved.set(path, saved);
    this.last = Math.max(this.last, saved.number);
  }

  /** A deletion needs not be known any more. */
  forget(path: EntryPath, number: number): void {
    const before = this.saved.get(path);
    if (before !== undefined) this.#live -= weightOf(before.entry);
    this.saved.delete(path);
    this.forgotten = Math.max(this.forgotten, number);
    this.last = Math.max(this.last, number);
  }

  /** See {@link Renumbering}. What got its new number already, since it was written while that happened, keeps it. */
  renumber({ upTo, by }: Renumbering): void {
    if (by === 0) return;
    for (const [path, saved] of this.saved) {
      if (saved.number > upTo) continue;
      const number = saved.number + by;
      this.saved.set(path, { ...saved, number });
      this.last = Math.max(this.last, number);
    }
  }

  /** In an order in which every beginning of it is true: nothing is settled before the entries that it covers. */
  *records(): Iterable<JournalRecord> {
    // These are taken before the first entry is: what is ended, or settled, while the others are written is told behind them.
    const begun = [...this.begun.values()];
    const settled = [...this.settled];
    const told = [...this.told];
    const met = [...this.met];
    if (this.session !== undefined) yield sessionRecord(this.session);
    if (this.root !== undefined) yield rootRecord(this.root);
    if (this.forgotten > 0) yield forgottenRecord('', this.forgotten);
    for (const change of begun) yield begunRecord(change);
    for (const saved of this.saved.values()) yield savedRecord(saved);
    yield* this.parts.records();
    for (const [peer, upTo] of settled) yield settledRecord(peer, upTo);
    for (const [peer, upTo] of told) yield toldRecord(peer, upTo);
    for (const [peer, forgotten] of met) yield metRecord({ peer, forgotten });
  }

  #read(record: JournalRecord): boolean {
    const fields = new Fields(record);
    switch (record[0]) {
      case 's':
        this.#readSaved(fields);
        break;
      case 'e':
        this.#readEnded(fields);
        break;
      case 'b':
        this.#readBegun(fields);
        break;
      case 'w':
        this.begun.delete(fields.text());
        break;
      case 't':
        this.settled.set(fields.text(), fields.count());
        break;
      case 'f':
        this.forget(fields.text(), fields.count());
        break;
      case 'o':
        this.told.set(fields.text(), fields.count());
        break;
      case 'm':
        this.met.set(fields.text(), fields.count());
        this.renumber({ upTo: fields.count(), by: fields.count() });
        break;
      case 'r':
        this.root = { dev: fields.long(), ino: fields.long() };
        break;
      case 'i':
        this.begin({ replica: fields.text(), bootId: fields.text(), folderIno: fields.long() });
        break;
      case 'p':
        this.parts.make(fields);
        break;
      case 'c':
        this.parts.fill(fields);
        break;
      case 'q':
        this.parts.drop(fields);
        break;
      default:
        return false;
    }
    return true;
  }

  #readSaved(fields: Fields): void {
    this.save({ number: fields.count(), stamp: fields.text(), entry: this.#entries.read(fields) });
  }

  #readEnded(fields: Fields): void {
    const number = fields.count();
    const stamp = fields.text();
    const change = this.begun.get(fields.text());
    if (change === undefined) throw new RangeError('a change ended that was not begun');
    this.begun.delete(change.entry.path);
    this.save({ number, stamp, entry: change.entry });
  }

  #readBegun(fields: Fields): void {
    const change = readBegun(fields, this.#entries);
    this.begun.set(change.entry.path, change);
  }
}

/** See {@link Session}. */
export function sessionRecord({ replica, bootId, folderIno }: Session): JournalRecord {
  return ['i', replica, bootId, `${folderIno}`];
}

/** An entry is held. */
export function savedRecord({ number, stamp, entry }: SavedEntry): JournalRecord {
  return ['s', number, stamp, ...fieldsOf(entry)];
}

/** A change was begun. */
export function begunRecord(change: BegunChange): JournalRecord {
  return ['b', ...begunFieldsOf(change)];
}

/** The change that was begun at the path of an entry is done, and that entry is held. */
export function endedRecord({ number, stamp, entry: { path } }: SavedEntry): JournalRecord {
  return ['e', number, stamp, path];
}

/** The entries of a peer are dealt with up to a number. */
export function settledRecord(peer: ReplicaId, upTo: number): JournalRecord {
  return ['t', peer, upTo];
}

/** A deletion of this number was forgotten. @param path '' when that is all that is still known */
export function forgottenRecord(path: EntryPath, number: number): JournalRecord {
  return ['f', path, number];
}

/** A peer was told up to a number. */
export function toldRecord(peer: ReplicaId, upTo: number): JournalRecord {
  return ['o', peer, upTo];
}

/** A peer was met. In one record with what it brings about: a crash finds both or neither. */
export function metRecord({ peer, forgotten, retold = { upTo: 0, by: 0 } }: Met): JournalRecord {
  return ['m', peer, forgotten, retold.upTo, retold.by];
}

/** See {@link RootIdentity}. */
export function rootRecord({ dev, ino }: RootIdentity): JournalRecord {
  return ['r', `${dev}`, `${ino}`];
}

/** Bytes of a record, roughly. */
export function weightOfRecord(record: JournalRecord): number {
  let weight = 0;
  for (const value of record) weight += typeof value === 'string' ? value.length + 3 : 11;
  return weight;
}

/** Bytes of the record of an entry, roughly; told without making it, since its chunks may be many. */
function weightOf({ path, version, content }: Entry): number {
  const chunks = content.type === 'file' ? (content.chunks?.length ?? 0) : 0;
  return 200 + path.length + version.length * 30 + Math.ceil((chunks * 4) / 3);
}
