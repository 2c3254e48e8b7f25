import type { ContentId, EntryPath } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { NumberedEntry } from '../replica/events.ts';

/** How the bytes of a message are packed. */
export type Codec = 'none' | 'brotli' | 'zstd';

/** The first message of both sides. */
export interface Hello {
  readonly kind: 'hello';
  /** Of the protocol: who speaks another one is refused. */
  readonly protocol: number;
  readonly replica: ReplicaId;
  /** What the machine is called, for people. */
  readonly name: string;
  /** Where it listens. */
  readonly port: number;
  /** The packings that it can unpack, besides `none`. */
  readonly codecs: readonly Codec[];
}

/** The entries of whoever gets it have been dealt with up to a number: it may begin to tell those behind it. */
export interface Begin {
  readonly kind: 'begin';
  readonly heard: number;
  /** How many files and folders whoever sends it has: who has hardly any is told their bytes at once. */
  readonly holds: number;
  /** Deletions of whoever sends it up to this number may be forgotten: who has not dealt with them does not hear of them. */
  readonly forgotten: number;
}

/** An entry, and its bytes where they are few. */
export interface ToldEntry extends NumberedEntry {
  readonly bytes?: Uint8Array;
}

/** Entries in the order of their numbers; there is nothing else that the other side lacks up to `upTo`. */
export interface Entries {
  readonly kind: 'entries';
  readonly entries: readonly ToldEntry[];
  readonly upTo: number;
  /** There is nothing above it now. */
  readonly isAll: boolean;
}

/** All entries of whoever gets it are dealt with up to a number. */
export interface Settled {
  readonly kind: 'settled';
  readonly upTo: number;
}

/** Wishes for some chunks of a content, one after the other; answered by as many `bytes` as it takes, or by `gone`. */
export interface Ask {
  readonly kind: 'ask';
  readonly request: number;
  readonly id: ContentId;
  /** Counted from 0. */
  readonly first: number;
  readonly count: number;
}

/** The bytes of one or more whole chunks of what was asked, in their order. */
export interface Bytes {
  readonly kind: 'bytes';
  readonly request: number;
  /** The first of the chunks. */
  readonly first: number;
  readonly codec: Codec;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly data: Uint8Array;
  /** Nobody needs the data any more: its memory may be used again. Not a part of what is sent; who leaves it out loses nothing. */
  readonly release?: () => void;
}

/** What was asked is not here any more. */
export interface Gone {
  readonly kind: 'gone';
  readonly request: number;
}

/** A large file is being read: its chunks may be asked for under this id before it is known what its content is called. */
export interface Draft {
  readonly kind: 'draft';
  /** Random, as long as the id of a content. */
  readonly draft: ContentId;
  readonly path: EntryPath;
  readonly size: number;
}

/** More chunks of a draft, packed as in an entry. */
export interface DraftChunks {
  readonly kind: 'draft-chunks';
  readonly draft: ContentId;
  readonly chunks: Uint8Array;
}

/** A draft is over: it has become a content, or nothing. */
export interface DraftEnd {
  readonly kind: 'draft-end';
  readonly draft: ContentId;
  readonly id?: ContentId;
}

/** Is anybody there? */
export interface Ping {
  readonly kind: 'ping' | 'pong';
  readonly token: number;
}

/** The last message: why the connection is closed. */
export interface Bye {
  readonly kind: 'bye';
  readonly reason: ByeReason;
  /** For people. */
  readonly text: string;
}

/**
 * `stopping`: the program ends · `protocol`: another version of it, or something that it does not allow · `duplicate`: there is
 * another connection between the two · `self`: both ends are the same replica · `refused`: not to be trusted
 */
export type ByeReason = 'stopping' | 'protocol' | 'duplicate' | 'self' | 'refused';

/** What peers say to each other. */
export type Message =
  | Hello
  | Begin
  | Entries
  | Settled
  | Ask
  | Bytes
  | Gone
  | Draft
  | DraftChunks
  | DraftEnd
  | Ping
  | Bye;
