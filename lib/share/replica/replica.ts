import type { EntryPath, Seen } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Excerpt } from './entry-log.ts';
import type { Applied, NumberedEntry, SavedEntry, ShareEffect, ShareEvent } from './events.ts';
import { isForgettable, leastAcknowledged } from './forgetting.ts';
import { Ledger } from './ledger.ts';
import { type Encounter, PeerRecord } from './peer-record.ts';
import { canEnd, type Place, type Places, type Task } from './places.ts';
import { Pursuit } from './pursuit.ts';
import { type Standing, standingOf } from './standing.ts';

/** What a replica begins with: nothing, or what was saved. */
export interface ReplicaOptions {
  readonly id: ReplicaId;
  /** In the order in which they were saved; of several of a path, the last one counts. */
  readonly saved?: Iterable<SavedEntry>;
  /** The highest number of a deletion that was forgotten. */
  readonly forgotten?: number;
  /** Up to which number the entries of each peer are dealt with. */
  readonly settled?: Iterable<readonly [ReplicaId, number]>;
  /** Up to which number each peer was ever told ours. */
  readonly told?: Iterable<readonly [ReplicaId, number]>;
  /** Of each peer that was met, the highest number of a deletion that it may have forgotten and that is not missed. */
  readonly met?: Iterable<readonly [ReplicaId, number]>;
}

/**
 * What one peer knows of the share, and what it decides: a machine that takes what happens and gives what is to be done. It
 * touches neither disk, network nor clock, and the same events bring the same effects.
 */
export class Replica {
  readonly #ledger: Ledger;
  readonly #peers = new Map<ReplicaId, PeerRecord>();
  readonly #pursuit: Pursuit;

  constructor({ id, saved = [], settled = [], told = [], met = [], forgotten = 0 }: ReplicaOptions) {
    this.#ledger = new Ledger(id);
    this.#pursuit = new Pursuit(this.#ledger, this.#peers);
    this.#ledger.restoreAll(saved);
    for (const [peer, upTo] of settled) this.#remember(peer).settled = upTo;
    this.#ledger.forgotten = forgotten;
    this.#ledger.log.skip(forgotten);
    for (const [peer, upTo] of told) {
      this.#remember(peer).mostTold = upTo;
      this.#ledger.log.skip(upTo);
    }
    for (const [peer, upTo] of met) this.#remember(peer).met = upTo;
  }

  get id(): ReplicaId {
    return this.#ledger.id;
  }

  /**
   * Something has happened.
   *
   * @param now milliseconds since 1970
   * @returns what is to be done, in this order
   */
  handle(event: ShareEvent, now: number): readonly ShareEffect[] {
    const ledger = this.#ledger;
    ledger.now = now;
    ledger.effects = [];
    const last = ledger.log.last;
    this.#take(event);
    for (let place = ledger.places.nextMarked(); place !== undefined; place = ledger.places.nextMarked()) {
      this.#pursuit.reconsider(place);
    }
    for (const peer of this.#peers.values()) {
      if (peer.settle()) ledger.want({ kind: 'settled', peer: peer.id, upTo: peer.settled });
    }
    if (ledger.log.last > last) ledger.want({ kind: 'tell' });
    return ledger.effects;
  }

  /**
   * What a peer has to be told next; it counts as told from now on, and up to which number is to be kept before it is.
   *
   * @param hasRoom may this entry go along? What it says of the first one does not count
   * @returns `undefined` as long as the peer is not connected
   */
  entriesFor(peer: ReplicaId, hasRoom: (next: SavedEntry) => boolean): Excerpt | undefined {
    const record = this.#peer(peer);
    // What it has heard is not known before.
    if (!record.isConnected) return undefined;
    const excerpt = this.#ledger.log.excerpt(record.connection, record.told, hasRoom);
    record.tell(excerpt.upTo);
    return excerpt;
  }

  /** What it would mean that a peer is connected now. */
  encounter(peer: ReplicaId, { heard, forgotten }: { heard: number; forgotten: number }): Encounter {
    return this.#peer(peer).encounter(heard, forgotten);
  }

  /** Up to which number the entries of a peer are dealt with: what it has to be asked for begins behind it. */
  settledOf(peer: ReplicaId): number {
    return this.#peer(peer).settled;
  }

  /** The highest number of a deletion that was forgotten: who has not dealt with it does not hear of it any more. */
  get forgotten(): number {
    return this.#ledger.forgotten;
  }

  /** How many files and folders there are. */
  get living(): number {
    return this.#ledger.places.living;
  }

  /** All paths at which something is, was, or is to come. */
  get paths(): Pick<Places, 'count' | 'has'> {
    return this.#ledger.places;
  }

  /** What is held at a path. */
  held(path: EntryPath): SavedEntry | undefined {
    return this.#ledger.places.get(path)?.held;
  }

  /** All that is held, also of what was deleted. */
  *allHeld(): Iterable<SavedEntry> {
    for (const { held } of this.#ledger.places.all()) if (held !== undefined) yield held;
  }

  /** How far these peers are, as far as they have said; goes through all that is held. */
  standing(peers: readonly ReplicaId[]): Standing {
    const records = peers.map((id) => this.#peer(id));
    return standingOf(this.#ledger.places, records);
  }

  /** All that is on its way to this disk. */
  *tasks(): Iterable<Task> {
    for (const { task } of this.#ledger.places.all()) if (task !== undefined) yield task;
  }

  #take(event: ShareEvent): void {
    switch (event.kind) {
      case 'found':
        this.#found(this.#at(event.path), event.seen);
        return;
      case 'connected':
        this.#connected(this.#remember(event.peer), event);
        return;
      case 'disconnected':
        this.#disconnected(this.#peer(event.peer));
        return;
      case 'heard':
        this.#heard(this.#peer(event.peer), event);
        return;
      case 'acknowledged':
        this.#peer(event.peer).acknowledge(event.upTo);
        return;
      case 'fetched':
        this.#fetched(this.#at(event.path), event.id);
        return;
      case 'missing':
      case 'there':
        this.#lacks(this.#at(event.path), event);
        return;
      case 'applied':
        this.#applied(this.#at(event.path), event.outcome);
        return;
      case 'tidy':
        this.#tidy();
        return;
      case 'retry':
        this.#retry(this.#at(event.path));
        return;
    }
  }

  #found(place: Place, { stamp, ...content }: Seen): void {
    const { places } = this.#ledger;
    if (place.task?.step === 'applying') {
      // It may be what is just being put there.
      place.isToBeSeen = true;
      return;
    }
    this.#ledger.see(place, content, stamp);
    if (place.task?.step === 'looking') this.#goOn(place, place.task);
    places.mark(place);
  }

  #connected(
    peer: PeerRecord,
    { heard, forgotten = 0 }: { readonly heard: number; readonly forgotten?: number },
  ): void {
    const encounter = peer.encounter(heard, forgotten);
    if (encounter === 'restored') {
      this.#ledger.want({ kind: 'renew', peer: peer.id });
      return;
    }
    peer.connect(heard);
    if (encounter === 'again') return;
    const retold = encounter === 'behind' ? this.#ledger.retellAll() : undefined;
    peer.met = forgotten;
    this.#ledger.want({ kind: 'met', peer: peer.id, forgotten, ...(retold === undefined ? {} : { retold }) });
  }

  #disconnected(peer: PeerRecord): void {
    for (const path of peer.openPaths()) {
      const place = this.#at(path);
      place.withdraw(peer.id);
      this.#ledger.places.mark(place);
    }
    peer.disconnect();
  }

  #heard(
    peer: PeerRecord,
    { entries, upTo, isAll }: { entries: readonly NumberedEntry[]; upTo: number; isAll: boolean },
  ): void {
    if (!peer.isConnected) return;
    for (const { entry, number } of entries) {
      const place = this.#at(entry.path);
      place.offer(peer.id, { entry, number, isMissing: false });
      peer.open(entry.path, number);
      this.#ledger.places.mark(place);
    }
    peer.heard = Math.max(peer.heard, upTo);
    peer.isAll = isAll;
    if (isAll) this.#ledger.places.markBlocked();
  }

  #fetched(place: Place, id: string): void {
    const { task } = place;
    if (task?.step !== 'fetching' || task.entry.content.type !== 'file' || task.entry.content.id !== id) return;
    this.#pursuit.apply(place, task);
  }

  #lacks(place: Place, { kind, peer, id }: { kind: 'missing' | 'there'; peer: ReplicaId; id: string }): void {
    const offer = place.offers.get(peer);
    if (offer?.entry.content.type !== 'file' || offer.entry.content.id !== id) return;
    place.offer(peer, { ...offer, isMissing: kind === 'missing' });
    this.#ledger.places.mark(place);
  }

  #applied(place: Place, outcome: Applied): void {
    const { places } = this.#ledger;
    const { task } = place;
    if (!canEnd(task, outcome)) return;
    if (outcome.result === 'failed') {
      places.setTask(place, { ...task, step: 'failed', reason: outcome.reason });
    } else if (outcome.result === 'changed') {
      places.setTask(place, { ...task, step: 'looking' });
      place.isToBeSeen = true;
    } else {
      // First: who hears that this one was overwritten must be able to have it under its other name.
      const { content } = place.held?.entry ?? {};
      if (outcome.saved !== undefined && content !== undefined)
        this.#see(outcome.saved.path, content, outcome.saved.stamp);
      this.#ledger.hold(place, task.entry, outcome.stamp);
      places.setTask(place, undefined);
    }
    if (place.isToBeSeen) this.#ledger.want({ kind: 'look', path: place.path });
    place.isToBeSeen = false;
    places.mark(place);
  }

  #see(path: EntryPath, content: SavedEntry['entry']['content'], stamp: string): void {
    const place = this.#at(path);
    this.#ledger.see(place, content, stamp);
    this.#ledger.places.mark(place);
  }

  #tidy(): void {
    const { places, now } = this.#ledger;
    const acknowledged = leastAcknowledged(this.#peers.values());
    for (const place of places.all()) {
      if (place.held !== undefined && isForgettable(place, acknowledged, now)) this.#ledger.forget(place, place.held);
    }
  }

  #retry(place: Place): void {
    if (place.task?.step !== 'failed') return;
    this.#goOn(place, place.task);
    this.#ledger.places.mark(place);
  }

  /** Think a task over. Without any, a folder that waits for this entry to go would be taken for one that is to stay. */
  #goOn(place: Place, task: Task): void {
    this.#ledger.places.setTask(place, { ...task, step: 'blocked' });
  }

  #at(path: EntryPath): Place {
    return this.#ledger.places.at(path);
  }

  /** Of who has not begun nothing is kept: there may be no end of such, and deletions are kept for all that are remembered. */
  #peer(id: ReplicaId): PeerRecord {
    return this.#peers.get(id) ?? new PeerRecord(id);
  }

  #remember(id: ReplicaId): PeerRecord {
    const peer = this.#peer(id);
    this.#peers.set(id, peer);
    return peer;
  }
}
