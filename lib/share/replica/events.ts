import type { Content, ContentId, Entry, EntryPath, FileContent, Seen, Stamp } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';

/** What became of an `apply`. */
export type Applied =
  | {
      readonly result: 'done';
      /** Of what lies at the path now. */
      readonly stamp: Stamp;
      /** Where what was there before was saved, and its stamp; present where that was asked for. */
      readonly saved?: { readonly path: EntryPath; readonly stamp: Stamp };
    }
  /** Something else lies there than what was expected: nothing was done, the path has to be looked at. */
  | { readonly result: 'changed' }
  /** Nothing was done. */
  | { readonly result: 'failed'; readonly reason: string };

/** What can happen to a replica. */
export type ShareEvent =
  /** Somebody looked at a path. Below a folder that is gone, what was in it is told first; what is new in a folder after the folder. */
  | { readonly kind: 'found'; readonly path: EntryPath; readonly seen: Seen }
  /** A peer can be talked to; it has heard the entries of this replica up to `heard`. */
  | {
      readonly kind: 'connected';
      readonly peer: ReplicaId;
      readonly heard: number;
      /** Deletions of it up to this number may be forgotten; 0 unless told. */
      readonly forgotten?: number;
    }
  | { readonly kind: 'disconnected'; readonly peer: ReplicaId }
  /** A peer tells entries, in the order of their numbers, and that there is nothing else up to the number `upTo`. */
  | {
      readonly kind: 'heard';
      readonly peer: ReplicaId;
      readonly entries: readonly NumberedEntry[];
      readonly upTo: number;
      /** There is nothing above it now. */
      readonly isAll: boolean;
    }
  /** A peer has dealt with all entries of this replica up to a number. */
  | { readonly kind: 'acknowledged'; readonly peer: ReplicaId; readonly upTo: number }
  /** The content for a path is at hand. */
  | { readonly kind: 'fetched'; readonly path: EntryPath; readonly id: ContentId }
  /** A peer has not, any more, what it told; or may have it again. */
  | { readonly kind: 'missing' | 'there'; readonly path: EntryPath; readonly id: ContentId; readonly peer: ReplicaId }
  | { readonly kind: 'applied'; readonly path: EntryPath; readonly outcome: Applied }
  /** Time to forget deletions of long ago. */
  | { readonly kind: 'tidy' }
  /** Time to try again what failed. */
  | { readonly kind: 'retry'; readonly path: EntryPath };

/** An entry and its number in the order of the changes of who tells it. */
export interface NumberedEntry {
  readonly entry: Entry;
  readonly number: number;
}

/** What a replica wants done. */
export type ShareEffect =
  /** Keep it, before anybody is told of it. */
  | {
      readonly kind: 'save';
      readonly saved: SavedEntry;
      /** What was held before; the same content where only the stamp is another one. */
      readonly before: Content | undefined;
      /** Was it changed here? */
      readonly isOwn: boolean;
    }
  /** There are entries to be told; see `Replica.entriesFor`. */
  | { readonly kind: 'tell' }
  /** All entries of a peer up to a number are dealt with: keep that, and acknowledge it. */
  | { readonly kind: 'settled'; readonly peer: ReplicaId; readonly upTo: number }
  /** Get content, from this disk or from any of these peers; it replaces an earlier wish for the path. */
  | {
      readonly kind: 'fetch';
      readonly path: EntryPath;
      readonly content: FileContent;
      readonly peers: readonly ReplicaId[];
    }
  /** What was to be fetched for a path is not needed any more. */
  | { readonly kind: 'forget-fetch'; readonly path: EntryPath }
  /** Change what lies at a path, provided that it still is what is expected; answered by `applied`. */
  | ({ readonly kind: 'apply' } & Change)
  /** A deletion, and its number, do not have to be kept any longer; that there was one of that number does. */
  | { readonly kind: 'forget'; readonly path: EntryPath; readonly number: number }
  /** A peer has heard more of this replica than it knows itself: go on as a new one. Nothing else is to be done then. */
  | { readonly kind: 'renew'; readonly peer: ReplicaId }
  /** This is kept of a peer that was met, before it is told anything. */
  | ({ readonly kind: 'met' } & Met)
  /** Look at a path, the folders above it and all below it; answered by `found` for each, for the path itself once more at the end. */
  | { readonly kind: 'look'; readonly path: EntryPath };

/** A peer was met that may have forgotten deletions of its own: none of them is missed from now on. */
export interface Met {
  readonly peer: ReplicaId;
  /** The highest number of them. */
  readonly forgotten: number;
  /** All that is held is to be told anew, present where they would have been missed. */
  readonly retold?: Renumbering;
}

/** All entries that are held got new numbers: those up to a number one that is higher by so much. */
export interface Renumbering {
  readonly upTo: number;
  readonly by: number;
}

/** One change on the disk. */
export interface Change {
  readonly path: EntryPath;
  readonly from: { readonly content: Content; readonly stamp: Stamp };
  readonly to: Content;
  /** With this version, once it is done. */
  readonly entry: Entry;
  /** Where what is there goes; missing where it goes to the trash. */
  readonly saveAs?: EntryPath;
}

/** An entry as a replica keeps it. */
export interface SavedEntry extends NumberedEntry {
  readonly stamp: Stamp;
}
