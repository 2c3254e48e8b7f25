import type { Clock } from '../../base/clock.ts';
import type { Chunks } from '../chunks/chunk-list.ts';
import type { Link } from '../link/link.ts';
import type { ContentId, EntryPath } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { FetchDisk } from './fetch-disk.ts';

/** What a fetcher works with. */
export interface FetcherOptions {
  readonly disk: FetchDisk;
  readonly clock: Clock;
  /** The link to a peer, where there is one. */
  readonly linkTo: (peer: ReplicaId) => Link | undefined;
  /** The content for a path is at hand, in a file. */
  readonly onFetched: (path: EntryPath, id: ContentId, file: string) => void;
  /** A peer says that it does not have it now. */
  readonly onGone: (path: EntryPath, id: ContentId, peer: ReplicaId) => void;
  /** A peer has something else than it told. */
  readonly onMissing: (path: EntryPath, id: ContentId, peer: ReplicaId) => void;
  /** The disk does not take it. */
  readonly onFailed: (path: EntryPath, reason: string) => void;
  /** The chunks of the file that is held at a path, if there is one. */
  readonly chunksAt: (path: EntryPath) => Chunks | undefined;
  /** A draft is fetched: nobody knows yet what it will be. */
  readonly onDraft: () => void;
  /** It is what is wanted for a path; it was begun at that time by the clock. */
  readonly onBecame: (path: EntryPath, beganMs: number) => void;
  /** May a file come to a path, as far as is known? */
  readonly isWelcome: (path: EntryPath) => boolean;
  /** A peer gives other bytes than it told, again and again. */
  readonly onWrongBytes: (link: Link) => void;
}
