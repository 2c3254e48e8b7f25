import type { Clock } from '../../base/clock.ts';
import { Allowance } from '../allowance.ts';
import type { Chunks } from '../chunks/chunk-list.ts';
import { GrowingList } from '../chunks/growing-list.ts';
import type { Link } from '../link/link.ts';
import type { ContentId, EntryPath, FileContent } from '../model/entry.ts';
import { wireLimits } from '../wire/limits.ts';
import type { Draft, DraftChunks, DraftEnd } from '../wire/message.ts';
import { freshDraftName } from './draft-name.ts';
import { Fetch } from './fetch.ts';
import type { FetchDisk } from './fetch-disk.ts';

/** What drafts are fetched with. */
export interface DraftFetchesOptions {
  readonly disk: FetchDisk;
  readonly clock: Clock;
  /** May a file come to a path, as far as is known? */
  readonly isWelcome: (path: EntryPath) => boolean;
  /** The chunks of the file that is held at a path, if there is one. */
  readonly chunksAt: (path: EntryPath) => Chunks | undefined;
  /** A draft is fetched. */
  readonly onBegun: (fetch: Fetch) => void;
  /** There is more of it that may be asked for. */
  readonly onGrown: (fetch: Fetch) => void;
  /** It will not become anything that is known now; what has come of it may be of use later. */
  readonly onOver: (fetch: Fetch) => void;
  /** It has become something, and nobody wants that. */
  readonly onUnwanted: (fetch: Fetch) => void;
  /** The disk does not take it. */
  readonly onFailed: (fetch: Fetch, error: unknown) => void;
}

/** A draft of a peer. */
interface Followed {
  readonly link: Link;
  readonly path: EntryPath;
  /** What is held at the path, as long as nothing else has been told: a file may only have got another time. */
  held: Chunks | undefined;
  /** How many chunks are compared with that. */
  compared: number;
  isBegun: boolean;
  readonly list: GrowingList;
  readonly fetch: Fetch;
  /** What it has become. */
  content?: ContentId;
  isGrowing: boolean;
  stopWaiting: () => void;
}

// A peer reads no more large files side by side; each takes a file here.
const MOST_OF_A_PEER = 8;

// Each has a file open, and the disk of a peer may be a hundred times faster than the line: the rest waits in the queue of contents.
const MOST_CLAIMED_OF_A_PEER = 32;

// The entry comes right behind the end of the draft. Where there is none, it is the same as one that is here.
const UNCLAIMED_MS = 30_000;

/**
 * Fetches large files while the peer that has them still reads them: their chunks are asked for as they become known. When the
 * entry comes, much of it is here.
 */
export class DraftFetches {
  readonly #options: DraftFetchesOptions;
  readonly #followed = new Map<ContentId, Followed>();
  /** Those that are contents by now and still come, and the addresses of who told them: others may go on with them. */
  readonly #claimed = new Map<Fetch, string>();
  /** How many have come to nothing, or may: by addresses, so that whoever breaks off and comes again has no new one. */
  readonly #allowances = new Map<string, Allowance>();

  constructor(options: DraftFetchesOptions) {
    this.#options = options;
  }

  /** A peer tells of a draft. */
  hear(link: Link, message: Draft | DraftChunks | DraftEnd): void {
    const followed = this.#followed.get(message.draft);
    if (message.kind === 'draft') {
      if (followed === undefined && this.#isWorth(link, message)) this.#follow(link, message);
      return;
    }
    if (followed?.link !== link || followed.content !== undefined) return;
    if (message.kind === 'draft-end') this.#end(message.draft, followed, message.id);
    else this.#grow(message.draft, followed, message.chunks);
  }

  /** What has come of a content as a draft; from now on it is the content, and nobody's here. */
  claim({ id, size }: FileContent): Fetch | undefined {
    for (const [draft, followed] of this.#followed) {
      if (followed.content !== id || followed.list.size !== size || !followed.isBegun) continue;
      this.#forget(draft, followed);
      // It costs no more than any content: those are limited by the entries that tell them.
      this.#spend(followed.link, -1);
      this.#claimed.set(followed.fetch, followed.link.peer.address);
      return followed.fetch;
    }
    return undefined;
  }

  /** A peer is gone: what has come of its drafts stays on the disk. */
  down(link: Link): void {
    for (const [draft, followed] of [...this.#followed]) if (followed.link === link) this.#drop(draft, followed);
  }

  /** One has come, or is not fetched any more; and so has what has become of one. */
  ended(fetch: Fetch): void {
    this.#claimed.delete(fetch);
    for (const [draft, followed] of this.#followed) if (followed.fetch === fetch) this.#forget(draft, followed);
  }

  /** Nothing is followed any more. */
  close(): void {
    for (const [draft, followed] of [...this.#followed]) this.#drop(draft, followed);
  }

  #isWorth(link: Link, { path }: Draft): boolean {
    const ofPeer = [...this.#followed.values()].filter((followed) => followed.link === link);
    const claimed = [...this.#claimed.values()].filter((address) => address === link.peer.address);
    if (claimed.length >= MOST_CLAIMED_OF_A_PEER) return false;
    return ofPeer.length < MOST_OF_A_PEER && this.#options.isWelcome(path) && this.#mayFail(link);
  }

  /** May one more of a peer come to nothing? It counts as if it did, until it is claimed. */
  #mayFail(link: Link): boolean {
    if (this.#spend(link, 1) === 0) return true;
    this.#spend(link, -1);
    return false;
  }

  #spend({ peer }: Link, drafts: number): number {
    const now = this.#options.clock.now();
    const allowance = this.#allowances.get(peer.address) ?? new Allowance(wireLimits.draftsPerMinute / 60, now);
    this.#allowances.set(peer.address, allowance);
    return allowance.take(drafts, wireLimits.draftsAtOnce, now);
  }

  #follow(link: Link, { draft, path, size }: Draft): void {
    const list = new GrowingList(size);
    const content: FileContent = { type: 'file', id: draft, size, mtimeMs: 0, isExecutable: false };
    const fetch = new Fetch(content, [link.peer.replica], { list, path, atMs: this.#options.clock.now() });
    const held = this.#options.chunksAt(path);
    const idle = { isBegun: false, isGrowing: false, compared: 0, stopWaiting: () => undefined };
    this.#followed.set(draft, { link, path, list, fetch, held, ...idle });
  }

  async #begin(draft: ContentId, followed: Followed): Promise<void> {
    const { fetch, list, path } = followed;
    followed.isBegun = true;
    followed.isGrowing = true;
    this.#options.onBegun(fetch);
    try {
      await fetch.open(await this.#options.disk.begin({ id: freshDraftName(draft), size: list.size }, list, path));
      this.#options.onGrown(fetch);
      await this.#tellGrown(followed);
    } catch (error) {
      this.#forget(draft, followed);
      this.#options.onFailed(fetch, error);
    }
  }

  #grow(draft: ContentId, followed: Followed, packed: Uint8Array): void {
    try {
      followed.list.add(packed);
    } catch {
      // It tells more chunks than there can be: what it has to say comes with the entry, and is looked at there.
      this.#drop(draft, followed);
      return;
    }
    if (followed.isGrowing || isSame(followed)) return;
    if (!followed.isBegun) {
      void this.#begin(draft, followed);
      return;
    }
    this.#tellGrown(followed).catch((error: unknown) => {
      this.#forget(draft, followed);
      this.#options.onFailed(followed.fetch, error);
    });
  }

  /** See what of it is here, as long as more becomes known. */
  async #tellGrown(followed: Followed): Promise<void> {
    const { fetch, list } = followed;
    followed.isGrowing = true;
    for (;;) {
      if (await fetch.look()) this.#options.onGrown(fetch);
      if (!fetch.isOpen || fetch.known >= list.count) break;
      await fetch.grow();
      this.#options.onGrown(fetch);
    }
    followed.isGrowing = false;
  }

  #end(draft: ContentId, followed: Followed, id: ContentId | undefined): void {
    if (id === undefined || !followed.list.isWhole || followed.list.toList().id !== id) {
      this.#drop(draft, followed);
      return;
    }
    followed.content = id;
    followed.stopWaiting = this.#options.clock.after(UNCLAIMED_MS, () => {
      this.#forget(draft, followed);
      this.#options.onUnwanted(followed.fetch);
    });
  }

  #drop(draft: ContentId, followed: Followed): void {
    this.#forget(draft, followed);
    this.#options.onOver(followed.fetch);
  }

  #forget(draft: ContentId, followed: Followed): void {
    followed.stopWaiting();
    if (this.#followed.get(draft) === followed) this.#followed.delete(draft);
  }
}

/** Are all chunks that are known those of the file that is there? As long as they are, nothing is to be done. */
function isSame(followed: Followed): boolean {
  const { held, list } = followed;
  if (held === undefined) return false;
  for (; followed.compared < list.count; followed.compared += 1) {
    const index = followed.compared;
    if (index < held.count && Buffer.compare(held.hashOf(index), list.hashOf(index)) === 0) continue;
    followed.held = undefined;
    return false;
  }
  return true;
}
