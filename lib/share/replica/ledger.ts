import { type Content, type Entry, isSameContent, type Stamp } from '../model/entry.ts';
import { NO_VERSION, nextVersion, type ReplicaId } from '../model/version.ts';
import { EntryLog } from './entry-log.ts';
import type { SavedEntry, ShareEffect } from './events.ts';
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

  /** Forget a deletion. */
  forget(place: Place, { number }: SavedEntry): void {
    this.places.forget(place);
    this.log.drop();
    this.want({ kind: 'forget', path: place.path, number });
    this.forgotten = Math.max(this.forgotten, number);
  }

  /** An entry that was kept. */
  restore(place: Place, saved: SavedEntry): void {
    const held = { ...saved, knownBy: [] };
    const replacesOne = place.held !== undefined;
    this.places.hold(place, held);
    this.log.append(held, replacesOne);
  }

  #hold(place: Place, entry: Entry, stamp: Stamp, isOwn: boolean): void {
    const before = place.held?.entry.content;
    const saved = { entry, stamp, number: this.log.last + 1 };
    this.restore(place, saved);
    this.want({ kind: 'save', saved, before, isOwn });
  }
}

function savedOf({ entry, stamp, number }: SavedEntry): SavedEntry {
  return { entry, stamp, number };
}
