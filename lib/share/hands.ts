import type { EntryPath } from './model/entry.ts';
import type { ReplicaId } from './model/version.ts';
import type { Change, Met, ShareEffect } from './replica/events.ts';
import type { Teller } from './teller.ts';
import type { Fetcher } from './transfer/fetcher.ts';
import type { Giver } from './transfer/giver.ts';

/** Where what the replica wants is done. */
export interface Hands {
  readonly fetcher: Fetcher;
  readonly giver: Giver;
  readonly teller: Teller;
  readonly save: (effect: Extract<ShareEffect, { kind: 'save' }>) => void;
  readonly settle: (peer: ReplicaId, upTo: number) => void;
  /** Change the disk, with a finished file of the content that is to come; answered by `Conductor.applied`. */
  readonly apply: (change: Change, file: string | undefined) => void;
  /** A finished file that nobody needs. */
  readonly leave: (file: string) => void;
  readonly look: (path: EntryPath) => void;
  readonly forget: (path: EntryPath, number: number) => void;
  /** Keep what it means that a peer was met. */
  readonly meet: (met: Met) => void;
  /** Go on as a new peer, for what another one has said. */
  readonly renew: (peer: ReplicaId) => void;
}
