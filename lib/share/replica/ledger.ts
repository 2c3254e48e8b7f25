import { type Content, type Entry, type EntryPath, isSameContent, type Stamp } from '../model/entry.ts';
import { NO_VERSION, nextVersion, type ReplicaId } from '../model/version.ts';
import { EntryLog } from './entry-log.ts';
import type { Renumbering, SavedEntry, ShareEffect } from './events.ts';
import { type Place, Places } from './places.ts';

/** What a replica has, and what it wants done: all that its parts share. */
export class Ledger {
  readonly id: ReplicaId;
  readonly places = new Places();
  readonly log = new EntryLog((held) => this.places.get(held.entry.path)?.held === held);
  /** Milliseconds since 1970. */
  now = 0;
  effects: ShareEffect[] = [];
  /** The highest number of a deletion that was forgotten. */
  forgotten = 0;

  constructor(id: ReplicaId) {
    this.id = id;
  }

  want(effect: ShareEffect): void {
    this.effects.push(effect);
  }

  /** What lies at a place was seen. What differs from what is held was changed here; what does not is of no interest to others. */
  see(place: Place, content: Content, stamp: Stamp): void {
    const { held } = place;
    if (held === undefined) {
      if (content.type !== 'deleted') this.change(place, content, stamp);
    } else if (!isSameContent(held.entry.content, content)) {
      this.change(place, content, stamp);
    } else if (held.stamp !== stamp) {
      held.stamp = stamp;
      this.want({ kind: 'save', saved: savedOf(held), before: held.entry.content, isOwn: false });
    }
  }

  /** A change that is made here. */
  change(place: Place, content: Content, stamp: Stamp): void {
    const before = place.held?.entry;
    const version = nextVersion(before?.version ?? NO_VERSION, this.id, this.now);
    const replaced = before?.content.type === 'file' ? { replaced: before.content.id } : {};
    this.#hold(place, { path: place.path, content, version, ...replaced }, stamp, true);
  }

  /** There is a new entry at a place: keep it, and tell it. */
  hold(place: Place, entry: Entry, stamp: Stamp): void {
    this.#hold(place, entry, stamp, false);
  }

  /** Tell an entry anew that somebody has forgotten. */
  retell(place: Place, { entry, stamp }: SavedEntry): void {
    this.#hold(place, entry, stamp, false);
  }

  /**
   * Tell all that is held anew.
   *
   * The numbers keep their distances, so that a few words in the journal say them all, whatever else is written meanwhile.
   *
   * @returns the new numbers; `undefined` where nothing is held
   */
  retellAll(): Renumbering | undefined {
    const all = [...this.places.all()].filter(({ held }) => held !== undefined);
    const [first] = all.sort((a, b) => numberOf(a) - numberOf(b));
    if (first === undefined) return undefined;
    const upTo = this.log.last;
    const by = upTo + 1 - numberOf(first);
    for (const place of all) {
      if (place.held !== undefined) this.#restore(place, { ...savedOf(place.held), number: place.held.number + by });
    }
    return { upTo, by };
  }

  /** Forget a deletion. */
  forget(place: Place, { number }: SavedEntry): void {
    this.places.forget(place);
    this.log.drop();
    this.want({ kind: 'forget', path: place.path, number });
    this.forgotten = Math.max(this.forgotten, number);
  }

  /** Entries that were kept; of several of a path, the last one counts. */
  restoreAll(all: Iterable<SavedEntry>): void {
    const newest = new Map<EntryPath, SavedEntry>();
    for (const saved of all) newest.set(saved.entry.path, saved);
    const inOrder = [...newest.values()].sort((a, b) => a.number - b.number);
    for (const saved of inOrder) this.#restore(this.places.at(saved.entry.path), saved);
  }

  #restore(place: Place, saved: SavedEntry): void {
    const held = { ...saved, knownBy: [] };
    const replacesOne = place.held !== undefined;
    this.places.hold(place, held);
    this.log.append(held, replacesOne);
  }

  #hold(place: Place, entry: Entry, stamp: Stamp, isOwn: boolean): void {
    const before = place.held?.entry.content;
    const saved = { entry, stamp, number: this.log.last + 1 };
    this.#restore(place, saved);
    this.want({ kind: 'save', saved, before, isOwn });
  }
}

function numberOf({ held }: Place): number {
  return held?.number ?? 0;
}

function savedOf({ entry, stamp, number }: SavedEntry): SavedEntry {
  return { entry, stamp, number };
}
