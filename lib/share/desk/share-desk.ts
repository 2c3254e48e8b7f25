import type { PeerAddress } from '../link/peer-address.ts';
import type { Forgotten } from '../link/pins.ts';
import type { Amount } from '../replica/standing.ts';

/** How things stand with one of the other machines. Times are milliseconds since 1970 (UTC). */
export type PeerStatus = {
  /** With port, in the usual form. */
  readonly address: string;
  readonly isHere: boolean;
  /** Since when it is here, or away; `null` when it was not met since this program was started, or was met later at another address. */
  readonly sinceMs: number | null;
  /** How it calls itself; `null` as long as it was not met. */
  readonly name: string | null;
  /** The id of the device that is known at the address; `null` where none is, or without encryption. */
  readonly device: string | null;
  /** Why it went away; `null` when it did not. */
  readonly why: string | null;
  /** What we have and it has not said it has; `null` as long as it was not met. */
  readonly lacks: Amount | null;
  /** What it has told and is not here yet; `null` the same. */
  readonly owes: Amount | null;
  /** Has it told all that it has? */
  readonly hasToldAll: boolean;
};

/** A file on its way to this disk. */
export type IncomingFile = {
  readonly path: string;
  /** Bytes, of the whole file. */
  readonly size: number;
  /** Bytes of it that are here. */
  readonly here: number;
  /** Bytes a second, at the moment. */
  readonly rate: number;
};

/** All that is on its way to this disk. */
export type Incoming = {
  readonly files: number;
  /** Bytes of all of them. */
  readonly bytes: number;
  /** Bytes that are here. */
  readonly here: number;
  /** Bytes a second, at the moment. */
  readonly rate: number;
  /** Those of which most has come, a few of them. */
  readonly first: readonly IncomingFile[];
};

/** Why some entries are not as they should be. */
export type Problem = {
  readonly reason: string;
  /** How many they are. */
  readonly entries: number;
  /** The first of them. */
  readonly paths: readonly string[];
};

/** How things stand with the share. Plain JSON values: it travels over the control socket. */
export type ShareStatus = {
  readonly isRunning: boolean;
  /** When it was started; `null` when it does not run. */
  readonly sinceMs: number | null;
  /** The folder. */
  readonly share: string;
  /** The id of this device; `null` without encryption, or when it is not known. */
  readonly device: string | null;
  readonly files: number;
  readonly folders: number;
  /** Of all files. */
  readonly bytes: number;
  /** Is all known that lies in the folder now? */
  readonly isLookedThrough: boolean;
  readonly peers: readonly PeerStatus[];
  /** How many files are known to be on 1, 2, 3, ... machines; empty when it does not run: then nobody can tell. */
  readonly copies: readonly number[];
  readonly incoming: Incoming;
  /** What is neither shared nor here yet, and what it waits for; without what is {@link incoming}. */
  readonly waiting: readonly Problem[];
  /** What came from elsewhere and could not be put here; it is tried again. */
  readonly failed: readonly Problem[];
  /** What lies in the folder and is not shared. */
  readonly leftOut: readonly Problem[];
  /** How many conflict copies there are. */
  readonly conflicts: number;
};

/** A file that gave way to another one. */
export type ConflictView = {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970 (UTC). */
  readonly mtimeMs: number;
  /** Where it was before. */
  readonly original: string;
  /** Of what is there now; `null` where no file is. */
  readonly originalSize: number | null;
  readonly originalMtimeMs: number | null;
  /** Is it a folder now? */
  readonly isOriginalFolder: boolean;
};

/** What became of a choice between conflict copies. */
export type KeptView = {
  /** Where the file is that stays, in the share. */
  readonly kept: string;
  /** The conflict copy that it was; `null` where the original stays. */
  readonly from: string | null;
  /** The others, by the names under which they can be restored. */
  readonly trashed: readonly string[];
};

/** Something in the trash. */
export type TrashView = {
  /** By which it can be restored: `2026-11-22/notes.txt`. */
  readonly name: string;
  /** Where it was in the share. */
  readonly path: string;
  /** `2026-11-22`, in UTC. */
  readonly day: string;
  /** Bytes. */
  readonly size: number;
};

/** What can be asked about a share, and of it. */
export interface ShareDesk {
  status(): Promise<ShareStatus>;
  conflicts(): Promise<readonly ConflictView[]>;
  /**
   * Let one of the files that were in conflict stay, in the place of the original; the others go to the trash.
   *
   * @param names what may be meant: paths in the share of a conflict copy or of the original; the first that is one counts
   * @throws CodedError E_NO_CONFLICT, E_IN_THE_WAY: nothing was changed then; E_NOT_TAKEN
   */
  keep(names: readonly string[]): Promise<KeptView>;
  /** The oldest first. */
  trash(): Promise<readonly TrashView[]>;
  /**
   * Put something back where it was.
   *
   * @param name of {@link TrashView}; or a path in the share, of which the newest in the trash is taken
   * @returns where it is now, in the share
   * @throws CodedError E_NOT_IN_TRASH; E_IN_THE_WAY when something lies there; E_NOT_TAKEN: nothing was changed then
   */
  restore(name: string): Promise<string>;
  /** Trust whichever device is met next at an address. */
  trust(at: PeerAddress): Promise<Forgotten>;
  /** Nothing more is asked. */
  close(): void;
}
