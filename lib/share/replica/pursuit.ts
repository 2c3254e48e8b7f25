import { conflictPath } from '../model/conflict-name.ts';
import { type Entry, exists, hasSameBytes, isSameContent } from '../model/entry.ts';
import { decide, preferred } from '../model/merge.ts';
import { NO_VERSION, nextVersion, type ReplicaId, relationOf } from '../model/version.ts';
import type { Ledger } from './ledger.ts';
import type { PeerRecord } from './peer-record.ts';
import type { Held, Place, Task } from './places.ts';

const GONE = { type: 'deleted' } as const;

type Peers = ReadonlyMap<ReplicaId, PeerRecord>;

/** What is to come to a place. */
type Wanted = Pick<Task, 'entry' | 'saves' | 'peers'>;

/** Brings what peers have told to this disk, as far as it goes on its way. */
export class Pursuit {
  readonly #ledger: Ledger;
  readonly #peers: Peers;

  constructor(ledger: Ledger, peers: Peers) {
    this.#ledger = ledger;
    this.#peers = peers;
  }

  /** Think about a place anew: something there, or around it, has changed. */
  reconsider(place: Place): void {
    const step = place.task?.step;
    // What the disk does is waited for.
    if (step === 'applying' || step === 'looking') return;
    this.#settleOffers(place);
    const wanted = wantedAt(place);
    if (wanted === undefined) this.#setTask(place, undefined);
    else if (step !== 'failed' || !isSameEntry(place.task?.entry, wanted.entry)) this.#pursue(place, wanted);
  }

  /** The bytes for a place are at hand. */
  apply(place: Place, wanted: Wanted): void {
    const { entry, saves } = wanted;
    const { held } = place;
    const from = { content: held?.entry.content ?? GONE, stamp: place.stamp };
    this.#setTask(place, { ...wanted, step: 'applying' });
    const saveAs = saves && from.content.type === 'file' ? { saveAs: conflictPath(place.path, from.content) } : {};
    this.#ledger.want({ kind: 'apply', path: place.path, from, to: entry.content, entry, ...saveAs });
  }

  #settleOffers(place: Place): void {
    for (const [peer, offer] of [...place.offers]) {
      const { held } = place;
      const { entry } = offer;
      const { kind } = decide(held?.entry, entry);
      if (kind === 'wait' && held !== undefined && !offer.isAnswered && this.#hasDealtWith(peer, held)) {
        place.offer(peer, { ...offer, isAnswered: true });
        this.#ledger.retell(place, held);
      }
      if (kind !== 'keep') continue;
      place.withdraw(peer);
      this.#peers.get(peer)?.close(place.path);
      if (held !== undefined) this.#compare(place, held, entry, peer);
    }
  }

  /** Then nothing of it would be told again: it has forgotten it, or left out the counter that says so. */
  #hasDealtWith(peer: ReplicaId, held: Held): boolean {
    return (this.#peers.get(peer)?.acknowledged ?? 0) >= held.number;
  }

  /** What a peer has told is not newer than what is held. */
  #compare(place: Place, held: Held, told: Entry, peer: ReplicaId): void {
    const relation = relationOf(held.entry.version, told.version);
    if (relation === 'equal') this.#know(held, peer);
    // It has dealt with what is held, and tells what was before it: it has forgotten the deletion, and has it from a third one.
    if (relation === 'after' && this.#hasDealtWith(peer, held)) this.#ledger.retell(place, held);
  }

  /** A peer has the same as is held. */
  #know(held: Held, peer: ReplicaId): void {
    const connection = this.#peers.get(peer)?.connection;
    if (connection === undefined || held.knownBy.includes(connection)) return;
    held.knownBy = [...held.knownBy.filter((other) => other.peer !== peer), connection];
  }

  #pursue(place: Place, wanted: Wanted): void {
    const { content } = wanted.entry;
    const { places } = this.#ledger;
    if (exists(content) && !places.parentOf(place).isLivingFolder) this.#awaitParent(place, wanted);
    else if (place.isLivingFolder && content.type !== 'directory' && place.living > 0) this.#awaitEmpty(place, wanted);
    else if (content.type !== 'file' || hasSameBytes(place.held?.entry.content ?? GONE, content)) {
      // What is fetched was found here meanwhile, or nothing is to come any more.
      if (place.task?.step === 'fetching') this.#setTask(place, undefined);
      this.apply(place, wanted);
    } else this.#fetch(place, wanted);
  }

  #fetch(place: Place, wanted: Wanted): void {
    const { entry, peers } = wanted;
    const { task } = place;
    const isUnderWay = task?.step === 'fetching' && isSameTask(task, wanted);
    this.#setTask(place, { ...wanted, step: 'fetching' });
    if (isUnderWay || entry.content.type !== 'file') return;
    this.#ledger.want({ kind: 'fetch', path: place.path, content: entry.content, peers });
  }

  /** The folder above is not there: it will come, or it was deleted by somebody who did not know of this entry. */
  #awaitParent(place: Place, wanted: Wanted): void {
    this.#setTask(place, { ...wanted, step: 'blocked' });
    const parent = this.#ledger.places.parentOf(place);
    // Who told this one has a folder there, and gives the file that we have another name.
    const isFile = parent.held?.entry.content.type === 'file';
    if (parent.task !== undefined || isFile || !this.#haveToldAll(place)) return;
    // What was told of it may come behind this one, in the same message.
    if (this.#ledger.places.postpone(place)) return;
    const version = nextVersion(parent.held?.entry.version ?? NO_VERSION, this.#ledger.id, this.#ledger.now);
    this.#pursue(parent, {
      entry: { path: parent.path, content: { type: 'directory' }, version },
      saves: false,
      peers: [],
    });
  }

  /** The folder has entries: they will go, or somebody deleted it who did not know of them. */
  #awaitEmpty(place: Place, wanted: Wanted): void {
    this.#setTask(place, { ...wanted, step: 'blocked' });
    if (place.busy > 0 || !this.#haveToldAll(place)) return;
    // That they will go may have been told behind this one, in the same message.
    if (this.#ledger.places.postpone(place)) return;
    // As if it had been made anew here: it then stands against the deletion, and what exists goes on.
    this.#ledger.change(place, { type: 'directory' }, place.stamp);
    this.#ledger.places.mark(place);
  }

  /** Has everybody who told something of this place told all that it has? Else more may be on its way. */
  #haveToldAll(place: Place): boolean {
    return [...place.offers.keys()].every((peer) => this.#peers.get(peer)?.isAll);
  }

  #setTask(place: Place, task: Task | undefined): void {
    const wasFetching = place.task?.step === 'fetching';
    this.#ledger.places.setTask(place, task);
    const isNeeded = task?.step === 'fetching' || task?.step === 'applying';
    if (wasFetching && !isNeeded) this.#ledger.want({ kind: 'forget-fetch', path: place.path });
  }
}

/** The best of what peers have told, where it is to come here. */
function wantedAt(place: Place): Wanted | undefined {
  let best: { readonly offered: Entry; readonly wanted: Omit<Wanted, 'peers'> } | undefined;
  for (const { entry: offered } of place.offers.values()) {
    const decision = decide(place.held?.entry, offered);
    if (decision.kind !== 'take' || (best !== undefined && newer(best.offered, offered) === best.offered)) continue;
    const { content, version, saves } = decision;
    const isAsOffered = content === offered.content && version === offered.version;
    best = { offered, wanted: { entry: isAsOffered ? offered : { ...offered, content, version }, saves } };
  }
  return best === undefined ? undefined : { ...best.wanted, peers: holdersOf(place, best.offered) };
}

function newer(a: Entry, b: Entry): Entry {
  const relation = relationOf(a.version, b.version);
  if (relation === 'after') return a;
  return relation === 'before' ? b : preferred(a, b);
}

/** Who can give the bytes of what was offered. */
function holdersOf(place: Place, { content }: Entry): readonly ReplicaId[] {
  const holders = [...place.offers].filter(
    ([, { entry, isMissing }]) => !isMissing && hasSameBytes(entry.content, content),
  );
  return holders.map(([peer]) => peer);
}

/** Two that were joined of the same are two objects: what failed with one of them is not tried at once with the other. */
function isSameEntry(a: Entry | undefined, b: Entry): boolean {
  return a !== undefined && relationOf(a.version, b.version) === 'equal' && isSameContent(a.content, b.content);
}

function isSameTask(a: Wanted, b: Wanted): boolean {
  return hasSameBytes(a.entry.content, b.entry.content) && a.peers.join() === b.peers.join();
}
