import { type Entry, type EntryPath, exists, NO_STAMP, parentOf, type Stamp } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Applied, NumberedEntry } from './events.ts';

/**
 * A connection to a peer, known by itself. What a peer has said on one is not true of the next: its disk may have been put back
 * to an earlier day in between.
 */
export interface Connection {
  readonly peer: ReplicaId;
}

/** What a replica has at a path, or knows to be gone. */
export interface Held extends NumberedEntry {
  stamp: Stamp;
  /** The connections on which peers have said that they have the same. */
  knownBy: readonly Connection[];
}

/** What a peer has told of a path. */
export interface Offer extends NumberedEntry {
  /** It has told as well that it has not got the bytes any more. */
  readonly isMissing: boolean;
  /** What is held was told anew for it. */
  readonly isAnswered?: boolean;
}

/**
 * How far a change that a peer has told is on its way to this disk:
 *
 * - `blocked`: a folder above or entries below have to come first
 * - `fetching`: its bytes are on their way
 * - `applying`: the disk is being changed
 * - `looking`: what lies there is not what was expected, and is being looked at
 * - `failed`: the disk refused it, and it is tried again later
 */
export type TaskStep = 'blocked' | 'fetching' | 'applying' | 'looking' | 'failed';

/** A change on its way. */
export interface Task {
  readonly step: TaskStep;
  /** What there will be. */
  readonly entry: Entry;
  /** What is there now goes on under another name. */
  readonly saves: boolean;
  /** Whom its bytes are asked of. */
  readonly peers: readonly ReplicaId[];
  /** Why it failed. */
  readonly reason?: string;
}

/** Is this an end that a task can come to where it is? */
export function canEnd(task: Task | undefined, { result }: Applied): task is Task {
  if (task?.step === 'applying') return true;
  // Its bytes may not come, and what lies there may be nothing that anybody can look at: without an end, it would wait for ever.
  return result === 'failed' && (task?.step === 'fetching' || task?.step === 'looking');
}

const NO_OFFERS: ReadonlyMap<ReplicaId, Offer> = new Map();

/** A path of the share, and all that is known of it. */
export class Place {
  readonly path: EntryPath;
  held: Held | undefined;
  task: Task | undefined;
  /** Somebody saw something here while it was being changed. */
  isToBeSeen = false;
  /** Of a folder: how many entries exist in it. */
  living = 0;
  /** Of a folder: how many tasks there are in it. */
  busy = 0;
  /** Missing while there is none, as at nearly all paths. */
  #offers: Map<ReplicaId, Offer> | undefined;

  constructor(path: EntryPath) {
    this.path = path;
  }

  /** Of what lies here: nothing where nothing was ever heard of. */
  get stamp(): Stamp {
    return this.held?.stamp ?? NO_STAMP;
  }

  get isLivingFolder(): boolean {
    return this.path === '' || this.held?.entry.content.type === 'directory';
  }

  /** What peers have told and what is not settled: each its newest. */
  get offers(): ReadonlyMap<ReplicaId, Offer> {
    return this.#offers ?? NO_OFFERS;
  }

  offer(peer: ReplicaId, offer: Offer): void {
    this.#offers ??= new Map();
    this.#offers.set(peer, offer);
  }

  withdraw(peer: ReplicaId): void {
    this.#offers?.delete(peer);
    if (this.#offers?.size === 0) this.#offers = undefined;
  }
}

/** All paths that a replica knows of, and which of them have to be thought over. */
export class Places {
  readonly #places = new Map<EntryPath, Place>();
  /** Those whose tasks wait for others, by the folders that they are in. */
  readonly #blocked = new Map<EntryPath, Set<Place>>();
  readonly #marked = new Set<Place>();
  /** Those that are to be thought over when no other one is. */
  readonly #late = new Set<Place>();
  /** How many entries exist. */
  living = 0;

  /** How many paths are known. */
  get count(): number {
    return this.#places.size;
  }

  has(path: EntryPath): boolean {
    return this.#places.has(path);
  }

  get(path: EntryPath): Place | undefined {
    return this.#places.get(path);
  }

  /** The place of a path, made where it is new. */
  at(path: EntryPath): Place {
    let place = this.#places.get(path);
    if (place === undefined) {
      place = new Place(path);
      this.#places.set(path, place);
    }
    return place;
  }

  parentOf(place: Place): Place {
    return this.at(parentOf(place.path));
  }

  all(): Iterable<Place> {
    return this.#places.values();
  }

  /** Think about this one before the event is dealt with. */
  mark(place: Place): void {
    this.#marked.add(place);
  }

  /** All that wait for others have to be thought over. */
  markBlocked(): void {
    for (const places of this.#blocked.values()) for (const place of places) this.mark(place);
  }

  /**
   * Think about this one when all others were thought over that are marked.
   *
   * @returns false where there are none: it can be thought about now
   */
  postpone(place: Place): boolean {
    if (this.#marked.size === 0) return false;
    this.#late.add(place);
    return true;
  }

  /** One that has to be thought over; it is not marked any more. */
  nextMarked(): Place | undefined {
    const from = this.#marked.size > 0 ? this.#marked : this.#late;
    const [place] = from;
    if (place !== undefined) from.delete(place);
    return place;
  }

  /** Put what is held at a place. */
  hold(place: Place, held: Held): void {
    const wasThere = exists(place.held?.entry.content);
    const wasFolder = place.isLivingFolder;
    place.held = held;
    const isThere = exists(held.entry.content);
    if (wasThere !== isThere) {
      this.living += isThere ? 1 : -1;
      this.parentOf(place).living += isThere ? 1 : -1;
      this.#markParent(place);
    }
    if (wasFolder !== place.isLivingFolder) this.#markChildren(place);
  }

  /** What is held at a place, and does not exist, is not known any more; neither is the place, unless others need it. */
  forget(place: Place): void {
    place.held = undefined;
    const isNeeded = place.living > 0 || place.busy > 0 || this.#blocked.has(place.path);
    if (!isNeeded && place.task === undefined && place.offers.size === 0) this.#places.delete(place.path);
  }

  /** Put a task at a place, or none. */
  setTask(place: Place, task: Task | undefined): void {
    const had = place.task !== undefined;
    place.task = task;
    this.#setBlocked(place, task?.step === 'blocked');
    if (had === (task !== undefined)) return;
    this.parentOf(place).busy += had ? -1 : 1;
    if (!had) return;
    this.#markParent(place);
    this.#markChildren(place);
  }

  #setBlocked(place: Place, isBlocked: boolean): void {
    const folder = parentOf(place.path);
    let blocked = this.#blocked.get(folder);
    if (isBlocked) {
      blocked ??= new Set();
      this.#blocked.set(folder, blocked.add(place));
    } else if (blocked?.delete(place) && blocked.size === 0) {
      this.#blocked.delete(folder);
    }
  }

  /** It may have waited for this one to go. */
  #markParent(place: Place): void {
    const parent = this.parentOf(place);
    if (parent.task?.step === 'blocked') this.mark(parent);
  }

  /** They may have waited for this one to come. */
  #markChildren(place: Place): void {
    for (const child of this.#blocked.get(place.path) ?? []) this.mark(child);
  }
}
