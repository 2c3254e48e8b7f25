import type { ContentId, EntryPath } from './model/entry.ts';
import type { ReplicaId } from './model/version.ts';

interface Wait {
  readonly id: ContentId;
  readonly ms: number;
}

// About as long as it takes to look at what somebody has touched.
const FIRST_MS = 5_000;

// What came of a large file is read once more for each try, and holds up others. Where something was changed, it is told anew; so it
// is only long for what could not be read for a while, and is the same.
const LONGEST_MS = 2 * 60_000;

/** How long it is waited before a peer is asked again for what it had not got: longer each time. */
export class AskAgain {
  readonly #waits = new Map<ReplicaId, Map<EntryPath, Wait>>();

  /** A peer has not got what it told. @returns milliseconds until it is to be asked again */
  gone(path: EntryPath, id: ContentId, peer: ReplicaId): number {
    const waits = this.#waits.get(peer) ?? new Map<EntryPath, Wait>();
    this.#waits.set(peer, waits);
    const before = waits.get(path);
    const ms = before?.id === id ? Math.min(2 * before.ms, LONGEST_MS) : FIRST_MS;
    waits.set(path, { id, ms });
    return ms;
  }

  /** It has come. */
  forget(path: EntryPath): void {
    for (const waits of this.#waits.values()) waits.delete(path);
  }

  /** It may have got everything when it comes again. */
  forgetPeer(peer: ReplicaId): void {
    this.#waits.delete(peer);
  }
}
