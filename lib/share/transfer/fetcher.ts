import { CodedError, messageOf } from '../../base/coded-error.ts';
import type { Link } from '../link/link.ts';
import type { ContentId, EntryPath, FileContent } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Bytes } from '../wire/message.ts';
import { Fetch } from './fetch.ts';
import type { FetchDisk } from './fetch-disk.ts';
import type { Run } from './missing-chunks.ts';

/** What a fetcher works with. */
export interface FetcherOptions {
  readonly disk: FetchDisk;
  /** The link to a peer, where there is one. */
  readonly linkTo: (peer: ReplicaId) => Link | undefined;
  /** The content for a path is at hand, in a file. */
  readonly onFetched: (path: EntryPath, id: ContentId, file: string) => void;
  /** A peer does not have it any more. */
  readonly onMissing: (path: EntryPath, id: ContentId, peer: ReplicaId) => void;
  /** The disk does not take it. */
  readonly onFailed: (path: EntryPath, reason: string) => void;
  /** A peer gives other bytes than it told. */
  readonly onWrongBytes: (link: Link) => void;
}

/** What is wanted for a path. */
export interface Wish {
  readonly path: EntryPath;
  readonly content: FileContent;
  readonly peers: readonly ReplicaId[];
}

/** Some chunks that a peer was asked for. */
interface Asked {
  readonly link: Link;
  readonly fetch: Fetch;
  /** What of it has not come yet. */
  rest: Run;
}

// Enough for 100 Mbit/s over 100 ms six times; more would be memory that waits for the disk.
const WINDOW_BYTES = 8 * 1024 ** 2;

/** Gets contents: from this disk, or chunk by chunk from all peers that have them. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #fetches = new Map<ContentId, Fetch>();
  readonly #wanted = new Map<EntryPath, ContentId>();
  readonly #asked = new Map<number, Asked>();
  /** Those of which there may be something to be asked for, in the order in which they came. */
  readonly #hungry = new Set<Fetch>();
  /** Bytes that were asked of a peer and are not on the disk yet. */
  readonly #underWay = new Map<Link, number>();
  #requests = 0;
  /** Bytes that peers gave since the beginning. */
  fetchedBytes = 0;

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  /** What is on its way, for those who want to see it. */
  get fetches(): Iterable<Fetch> {
    return this.#fetches.values();
  }

  /**
   * Get a content for a path, in place of what was wanted for it before.
   *
   * @param inline its bytes, where they have come already
   */
  want({ path, content, peers }: Wish, inline?: Uint8Array): void {
    if (this.#wanted.get(path) !== content.id) this.forget(path);
    this.#wanted.set(path, content.id);
    const there = this.#fetches.get(content.id);
    if (there !== undefined) {
      there.paths.add(path);
      there.peers = [...new Set([...there.peers, ...peers])];
      this.#askFor(there);
      return;
    }
    const fetch = new Fetch(content, path, peers);
    this.#fetches.set(content.id, fetch);
    void this.#begin(fetch, inline);
  }

  /** What was wanted for a path is not any more. */
  forget(path: EntryPath): void {
    const id = this.#wanted.get(path);
    this.#wanted.delete(path);
    const fetch = id === undefined ? undefined : this.#fetches.get(id);
    fetch?.paths.delete(path);
    if (fetch !== undefined && fetch.paths.size === 0) this.#end(fetch);
  }

  /** Bytes have come. */
  take(link: Link, message: Bytes): void {
    const asked = this.#asked.get(message.request);
    // Of something that is not wanted any more.
    if (asked?.link !== link) return;
    const taken = asked.fetch.check(asked.rest, message);
    if (taken === undefined) {
      this.#giveBack(message.request, asked);
      asked.fetch.peers = asked.fetch.peers.filter((peer) => peer !== link.peer.replica);
      this.#options.onWrongBytes(link);
      this.#askAll();
      return;
    }
    this.fetchedBytes += message.size;
    asked.rest = {
      first: taken.first + taken.count,
      count: asked.rest.count - taken.count,
      bytes: asked.rest.bytes - taken.bytes,
    };
    if (asked.rest.count === 0) this.#asked.delete(message.request);
    void this.#write(asked, taken, message.data);
  }

  /** A peer has not what it was asked for. */
  gone(link: Link, request: number): void {
    const asked = this.#asked.get(request);
    if (asked?.link !== link) return;
    this.#giveBack(request, asked);
    const { fetch } = asked;
    const peer = link.peer.replica;
    fetch.peers = fetch.peers.filter((other) => other !== peer);
    for (const path of [...fetch.paths]) this.#options.onMissing(path, fetch.content.id, peer);
    this.#askAll();
  }

  /** A peer is gone. */
  down(link: Link): void {
    for (const [request, asked] of [...this.#asked]) if (asked.link === link) this.#giveBack(request, asked);
    this.#underWay.delete(link);
    this.#askAll();
  }

  /** Nothing is wanted any more; what has come stays on the disk. */
  async close(): Promise<void> {
    const fetches = [...this.#fetches.values()];
    for (const fetch of fetches) this.#end(fetch);
    await Promise.all(fetches.map((fetch) => fetch.left));
  }

  async #begin(fetch: Fetch, inline: Uint8Array | undefined): Promise<void> {
    const { disk } = this.#options;
    try {
      const file = await disk.whole(fetch.content, inline);
      if (file !== undefined) return await this.#finish(fetch, file);
      const part = await disk.begin(fetch.content, fetch.list, fetch.firstPath);
      fetch.open(part);
      if (!this.#isWanted(fetch)) return this.#end(fetch);
      if (fetch.isWhole) return await this.#finish(fetch, await part.finish());
      this.#askFor(fetch);
    } catch (error) {
      this.#fail(fetch, error);
    }
  }

  #isWanted(fetch: Fetch): boolean {
    return this.#fetches.get(fetch.content.id) === fetch;
  }

  #askFor(fetch: Fetch): void {
    this.#hungry.add(fetch);
    this.#askAll();
  }

  /** Ask everybody for as much as there is room for: a run of one content, then one of the next. */
  #askAll(): void {
    // One that is put back at the end comes again in the same loop.
    for (const fetch of this.#hungry) {
      const links = fetch.peers.flatMap((peer) => this.#options.linkTo(peer) ?? []);
      const [link] = links
        .filter((one) => this.#bytesOf(one) < WINDOW_BYTES)
        .sort((x, y) => this.#bytesOf(x) - this.#bytesOf(y));
      // Others ask the same peers, as a rule.
      if (link === undefined && links.length > 0) return;
      this.#hungry.delete(fetch);
      if (link !== undefined && this.#ask(fetch, link)) this.#hungry.add(fetch);
    }
  }

  /** @returns whether there was something to be asked for */
  #ask(fetch: Fetch, link: Link): boolean {
    const run = fetch.nextRun();
    if (run === undefined) return false;
    this.#requests += 1;
    this.#asked.set(this.#requests, { link, fetch, rest: run });
    this.#count(link, run.bytes);
    link.send({ kind: 'ask', request: this.#requests, id: fetch.content.id, first: run.first, count: run.count });
    return true;
  }

  async #write({ fetch, link }: Asked, run: Run, data: Uint8Array): Promise<void> {
    try {
      await fetch.write(run, data);
      this.#count(link, -run.bytes);
      if (!this.#isWanted(fetch)) return;
      if (fetch.isWhole) await this.#finish(fetch, await fetch.finish());
      else this.#askAll();
    } catch (error) {
      this.#count(link, -run.bytes);
      this.#fail(fetch, error);
    }
  }

  async #finish(fetch: Fetch, file: string): Promise<void> {
    const { id } = fetch.content;
    const [first, ...others] = fetch.paths;
    const files = await Promise.all(others.map(async (path) => [path, await this.#options.disk.copy(file)] as const));
    if (this.#isWanted(fetch)) this.#fetches.delete(id);
    this.#hungry.delete(fetch);
    for (const [path, copy] of first === undefined ? files : [[first, file] as const, ...files]) {
      this.#wanted.delete(path);
      this.#options.onFetched(path, id, copy);
    }
    this.#askAll();
  }

  #fail(fetch: Fetch, error: unknown): void {
    if (!this.#isWanted(fetch)) return;
    const paths = [...fetch.paths];
    for (const path of paths) this.forget(path);
    const reason = error instanceof CodedError ? error.message : messageOf(error);
    for (const path of paths) this.#options.onFailed(path, reason);
    this.#askAll();
  }

  #end(fetch: Fetch): void {
    if (this.#isWanted(fetch)) this.#fetches.delete(fetch.content.id);
    this.#hungry.delete(fetch);
    for (const [request, asked] of [...this.#asked]) if (asked.fetch === fetch) this.#giveBack(request, asked);
    fetch.leave();
  }

  #giveBack(request: number, { link, fetch, rest }: Asked): void {
    this.#asked.delete(request);
    this.#count(link, -rest.bytes);
    fetch.giveBack(rest);
    if (this.#isWanted(fetch)) this.#hungry.add(fetch);
  }

  #bytesOf(link: Link): number {
    return this.#underWay.get(link) ?? 0;
  }

  #count(link: Link, bytes: number): void {
    const sum = this.#bytesOf(link) + bytes;
    if (sum > 0) this.#underWay.set(link, sum);
    else this.#underWay.delete(link);
  }
}
