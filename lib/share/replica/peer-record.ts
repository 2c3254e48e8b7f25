import type { EntryPath } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Connection } from './places.ts';

/**
 * What it means that a peer comes and says what it has heard and forgotten:
 *
 * - `first`: it was never met. Both tell all that they have, and what was forgotten is not missed
 * - `again`: it misses nothing
 * - `behind`: it has forgotten deletions that we have not heard of, and has dealt with what they deleted and we still have:
 *   it would never be told that again, and the two would differ for ever
 * - `restored`: it has heard more than it was ever told, as far as is known here: what is kept is a copy of an earlier day.
 *   Numbers that it has heard would be given away again, and it would not be told of what they stand for
 */
export type Encounter = 'first' | 'again' | 'behind' | 'restored';

/** What a replica remembers of another one. */
export class PeerRecord {
  readonly id: ReplicaId;
  isConnected = false;
  /** This one, or the last one. */
  connection: Connection;
  /** Up to which number it was told our entries on this connection, or had heard them before. */
  told = 0;
  /** Up to which number it was ever told ours. */
  mostTold = 0;
  /** Up to which number it has dealt with ours. */
  acknowledged = 0;
  /** Up to which number we were told its entries. */
  heard = 0;
  /** Has it told all that it has? */
  isAll = false;
  /** Up to which number we have dealt with its entries. */
  settled = 0;
  /** Deletions of it up to this number may be forgotten, and none of them is missed; missing until it is met. */
  met: number | undefined;
  /** Its entries that we have not dealt with, and their numbers, in that order. */
  readonly #open = new Map<EntryPath, number>();

  constructor(id: ReplicaId) {
    this.id = id;
    this.connection = { peer: id };
  }

  /** @param forgotten the highest number of a deletion that it has forgotten */
  encounter(heard: number, forgotten: number): Encounter {
    if (heard > this.mostTold) return 'restored';
    if (this.met === undefined && heard === 0 && this.settled === 0) return 'first';
    // What was told before it was met is not missed, however little of it could be dealt with since.
    return forgotten > Math.max(this.settled, this.met ?? 0) ? 'behind' : 'again';
  }

  /** It can be talked to, and has heard ours up to a number. */
  connect(heard: number): void {
    this.isConnected = true;
    this.connection = { peer: this.id };
    this.isAll = false;
    this.told = heard;
    this.acknowledged = heard;
    this.heard = this.settled;
  }

  /** It was told ours up to a number. */
  tell(upTo: number): void {
    this.told = upTo;
    this.mostTold = Math.max(this.mostTold, upTo);
  }

  disconnect(): void {
    this.isConnected = false;
    this.isAll = false;
    // What was told and not dealt with has to be told again.
    this.heard = this.settled;
    this.#open.clear();
  }

  /** It has dealt with ours up to a number. */
  acknowledge(upTo: number): void {
    this.acknowledged = Math.max(this.acknowledged, upTo);
  }

  /** It has told this entry, and we have not dealt with it. */
  open(path: EntryPath, number: number): void {
    // Anew, so that the order stays that of the numbers.
    this.#open.delete(path);
    this.#open.set(path, number);
  }

  /** And now we have. */
  close(path: EntryPath): void {
    this.#open.delete(path);
  }

  /** Paths at which something of this peer is not dealt with. */
  openPaths(): readonly EntryPath[] {
    return [...this.#open.keys()];
  }

  /** Go on with what is settled. @returns whether that is more than before */
  settle(): boolean {
    const [first] = this.#open.values();
    const settled = first === undefined ? this.heard : first - 1;
    if (settled <= this.settled) return false;
    this.settled = settled;
    return true;
  }
}
