import type { Clock } from '../base/clock.ts';
import type { Link } from './link/link.ts';
import type { Content } from './model/entry.ts';
import type { ReplicaId } from './model/version.ts';
import type { SavedEntry } from './replica/events.ts';
import type { Replica } from './replica/replica.ts';
import { wireLimits } from './wire/limits.ts';
import type { Begin, ToldEntry } from './wire/message.ts';

// A frame of so many bytes is soon sent and soon worked off; entries with long lists of chunks go alone.
const MOST_BYTES_OF_A_FRAME = 1024 ** 2;
const MOST_ENTRIES_OF_A_FRAME = 256;

// About what an entry takes besides its list of chunks.
const BYTES_OF_AN_ENTRY = 200;

// What was sent along and is not settled may still fill the memory of the peer.
const MOST_INLINE_UNDER_WAY = 16 * 1024 ** 2;

// Waiting for a peer that brings what it has onto its disk takes less work than being asked for each file. For one that settles
// nothing for so long, since it is at a large file for example, the rest is told without bytes: it asks when it needs them.
const PATIENCE_MS = 500;

// Of two peers that meet for the first time, one has hardly anything when the other one has so many times as much.
const FEW = 10;

const MOST_BACKLOG = 2 * 1024 ** 2;

interface Listener {
  /** Has it heard of us before? */
  readonly hasHeard: boolean;
  /** How many files and folders it had when it came. */
  readonly holds: number;
  /** Bytes of files that were sent along and are not settled, by the numbers of their entries. */
  readonly underWay: { readonly number: number; readonly bytes: number }[];
  /** Their sum. */
  bytesUnderWay: number;
  isAll: boolean;
  isTold: boolean;
  /** It is waited for, before it is told more: ends that. */
  stopAwaiting: (() => void) | undefined;
  /** It was waited for in vain, and has settled nothing since. */
  isStuck: boolean;
}

/** Tells peers the entries that they lack, as fast as they deal with them. */
export class Teller {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #read: (saved: SavedEntry) => Uint8Array | undefined;
  readonly #keep: (peer: ReplicaId, upTo: number) => boolean;
  readonly #listeners = new Map<Link, Listener>();

  /**
   * @param read the bytes of a small file; `undefined` when it is not what it was any more
   * @param keep that a peer is told up to a number; where it says that it could not, the peer is not told
   */
  constructor(
    replica: Replica,
    clock: Clock,
    read: (saved: SavedEntry) => Uint8Array | undefined,
    keep: (peer: ReplicaId, upTo: number) => boolean,
  ) {
    this.#replica = replica;
    this.#clock = clock;
    this.#read = read;
    this.#keep = keep;
  }

  /** A peer has said what it has heard, and is told the rest. */
  begin(link: Link, { heard, holds }: Pick<Begin, 'heard' | 'holds'>): void {
    this.#listeners.set(link, {
      hasHeard: heard > 0,
      holds,
      underWay: [],
      bytesUnderWay: 0,
      isAll: false,
      isTold: false,
      stopAwaiting: undefined,
      isStuck: false,
    });
    this.#tell(link);
  }

  /** There is something new. */
  tell(): void {
    for (const [link, listener] of this.#listeners) {
      listener.isAll = false;
      this.#tell(link);
    }
  }

  /** A peer has dealt with what it was told up to a number. */
  settled(link: Link, upTo: number): void {
    const listener = this.#listeners.get(link);
    if (listener === undefined) return;
    while (listener.underWay[0] !== undefined && listener.underWay[0].number <= upTo) {
      listener.bytesUnderWay -= listener.underWay.shift()?.bytes ?? 0;
    }
    listener.isStuck = false;
    if (listener.stopAwaiting !== undefined) this.#tell(link);
  }

  /** A peer takes more again. */
  drain(link: Link): void {
    this.#tell(link);
  }

  /** A peer is gone. */
  down(link: Link): void {
    this.#listeners.get(link)?.stopAwaiting?.();
    this.#listeners.delete(link);
  }

  /** One frame in a turn of the event loop: reading small files takes its time. */
  #tell(link: Link): void {
    const listener = this.#listeners.get(link);
    if (listener === undefined || listener.isTold) return;
    listener.isTold = true;
    setImmediate(() => {
      listener.isTold = false;
      if (this.#listeners.get(link) === listener && this.#tellFrame(link, listener)) this.#tell(link);
    });
  }

  /** @returns whether there is more that may be told now */
  #tellFrame(link: Link, listener: Listener): boolean {
    if (listener.isAll || link.backlog > MOST_BACKLOG) return false;
    if (listener.bytesUnderWay >= MOST_INLINE_UNDER_WAY && !listener.isStuck) {
      this.#await(link, listener);
      return false;
    }
    let bytes = 0;
    let count = 0;
    const excerpt = this.#replica.entriesFor(link.peer.replica, (next) => {
      bytes += this.#weightOf(next, listener);
      count += 1;
      return bytes <= MOST_BYTES_OF_A_FRAME && count <= MOST_ENTRIES_OF_A_FRAME;
    });
    if (excerpt === undefined) return false;
    if (!this.#keep(link.peer.replica, excerpt.upTo)) return false;
    const entries = excerpt.entries.map((held) => this.#toldOf(held, listener));
    link.send({ kind: 'entries', entries, upTo: excerpt.upTo, isAll: excerpt.isAll });
    listener.isAll = excerpt.isAll;
    return !excerpt.isAll;
  }

  #await(link: Link, listener: Listener): void {
    if (listener.stopAwaiting !== undefined) return;
    const [first] = listener.underWay;
    listener.stopAwaiting = this.#clock.after(PATIENCE_MS, () => {
      listener.stopAwaiting = undefined;
      listener.isStuck = listener.underWay[0] === first;
      this.#tell(link);
    });
  }

  #weightOf({ entry: { content, path } }: SavedEntry, listener: Listener): number {
    if (content.type !== 'file') return BYTES_OF_AN_ENTRY + path.length;
    const inline = this.#mayGoAlong(content, listener) ? content.size : 0;
    return BYTES_OF_AN_ENTRY + path.length + (content.chunks?.length ?? 0) + inline;
  }

  #toldOf(held: SavedEntry, listener: Listener): ToldEntry {
    const { entry, number } = held;
    const bytes = this.#mayGoAlong(entry.content, listener) ? this.#read(held) : undefined;
    if (bytes === undefined) return { entry, number };
    listener.underWay.push({ number, bytes: bytes.length });
    listener.bytesUnderWay += bytes.length;
    return { entry, number, bytes };
  }

  #mayGoAlong(content: Content, { hasHeard, holds, bytesUnderWay, isStuck }: Listener): boolean {
    if (content.type !== 'file' || content.size > wireLimits.inlineBytes) return false;
    // A frame that is begun is not waited in.
    if (isStuck && bytesUnderWay >= MOST_INLINE_UNDER_WAY) return false;
    // Who has never heard of us, and has about as much as we, is likely to have the same.
    return hasHeard || holds * FEW < this.#replica.living;
  }
}
