import { CodedError } from '../../base/coded-error.ts';
import { readProblem } from '../../base/read-problem.ts';
import type { Link } from '../link/link.ts';
import type { EntryPath, FileContent } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Bytes, Draft, DraftChunks, DraftEnd } from '../wire/message.ts';
import { type Asked, Asks } from './asks.ts';
import { DraftFetches } from './draft-fetches.ts';
import { type Checked, Fetch, nameOf } from './fetch.ts';
import { FetchQueue } from './fetch-queue.ts';
import type { FetcherOptions } from './fetcher-options.ts';
import type { Run } from './missing-chunks.ts';

/** What is wanted for a path. */
export interface Wish {
  readonly path: EntryPath;
  readonly content: FileContent;
  readonly peers: readonly ReplicaId[];
}

/** Gets contents: from this disk, or chunk by chunk from all peers that have them. */
export class Fetcher {
  readonly #options: FetcherOptions;
  /** By their names. */
  readonly #fetches = new Map<string, Fetch>();
  readonly #wanted = new Map<EntryPath, string>();
  readonly #queue = new FetchQueue((fetch) => void this.#begin(fetch, undefined));
  readonly #asks: Asks;
  readonly #drafts: DraftFetches;
  /** Bytes that peers gave since the beginning. */
  fetchedBytes = 0;

  constructor(options: FetcherOptions) {
    this.#options = options;
    const { clock, linkTo, disk, isWelcome } = options;
    // Until somebody tells that he has it, others need not wait for it.
    this.#asks = new Asks({ clock, linkTo, onNobody: (fetch) => this.#end(fetch) });
    this.#drafts = new DraftFetches({
      disk,
      clock,
      isWelcome,
      chunksAt: options.chunksAt,
      onBegun: (fetch) => {
        this.#fetches.set(fetch.name, fetch);
        options.onDraft();
      },
      onGrown: (fetch) => this.#grown(fetch),
      onOver: (fetch) => this.#letGo(fetch),
      onUnwanted: (fetch) => {
        fetch.discard();
        this.#letGo(fetch);
      },
      onFailed: (fetch, error) => this.#fail(fetch, error),
    });
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
    const name = nameOf(content);
    if (this.#wanted.get(path) !== name) this.forget(path);
    this.#wanted.set(path, name);
    const there = this.#fetches.get(name);
    if (there !== undefined) {
      there.paths.add(path);
      there.peers = [...new Set([...there.peers, ...peers])];
      this.#asks.feed(there);
      return;
    }
    const draft = this.#drafts.claim(content);
    if (draft !== undefined) return void this.#become(draft, { path, content, peers });
    const fetch = new Fetch(content, peers);
    fetch.paths.add(path);
    this.#fetches.set(name, fetch);
    // What is here already takes no file but its own.
    if (inline !== undefined) void this.#begin(fetch, inline);
    else this.#queue.add(fetch);
  }

  /** What was wanted for a path is not any more. */
  forget(path: EntryPath): void {
    const id = this.#wanted.get(path);
    this.#wanted.delete(path);
    const fetch = id === undefined ? undefined : this.#fetches.get(id);
    fetch?.paths.delete(path);
    if (fetch !== undefined && fetch.paths.size === 0) this.#letGo(fetch);
  }

  /** A peer tells of a file that it is reading. */
  hearDraft(link: Link, message: Draft | DraftChunks | DraftEnd): void {
    this.#drafts.hear(link, message);
  }

  /** Bytes have come. */
  take(link: Link, message: Bytes): void {
    const asked = this.#asks.of(link, message.request);
    if (asked === undefined) return;
    const checked = asked.fetch.check(asked.rest, message);
    if (checked === undefined) {
      this.#asks.giveBack(asked);
      if (this.#asks.suppliers.gaveWrong(link)) this.#options.onWrongBytes(link);
      this.#asks.askAll();
      return;
    }
    this.fetchedBytes += message.size;
    this.#asks.took(asked, checked.taken);
    void this.#writeAll(asked, checked, message);
    this.#takeWrong(asked, checked);
  }

  /** A peer has not what it was asked for. */
  gone(link: Link, request: number): void {
    const asked = this.#asks.of(link, request);
    if (asked === undefined) return;
    this.#asks.giveBack(asked);
    // A draft is given for a minute after its end: what it has become is asked for by its own name.
    if (asked.id === asked.fetch.content.id) this.#lacks(link, asked.fetch, this.#options.onGone);
    this.#asks.askAll();
  }

  /** A peer is gone. */
  down(link: Link): void {
    this.#drafts.down(link);
    this.#asks.down(link);
  }

  /** Nothing is wanted any more; what has come stays on the disk. */
  async close(): Promise<void> {
    const fetches = [...this.#fetches.values()];
    this.#drafts.close();
    for (const fetch of fetches) this.#end(fetch);
    await Promise.all(fetches.map((fetch) => fetch.left));
  }

  #takeWrong({ link, fetch }: Asked, { taken, wrong }: Checked): void {
    const { suppliers } = this.#asks;
    if (wrong.length === 0) suppliers.gave(link, taken.bytes);
    for (const run of wrong) {
      suppliers.done(link, run.bytes);
      fetch.giveBack(run);
    }
    if (wrong.length > 0 && fetch.isDraft) {
      this.#askDraftAgain(fetch, link, wrong);
      return;
    }
    for (const run of wrong) {
      const isTooMuch = suppliers.gaveWrong(link);
      if (isTooMuch) this.#options.onWrongBytes(link);
      if (isTooMuch) break;
      // It is not the line: who gives it has read something else than it told.
      if (fetch.isWrongAgain(link.peer.replica, run)) this.#lacks(link, fetch, this.#options.onMissing);
    }
    if (wrong.length > 0 && this.#isWanted(fetch)) this.#asks.feed(fetch);
  }

  /** The line may have damaged it. What comes wrong again was changed while it was read: nobody meant harm, and it is told anew. */
  #askDraftAgain(fetch: Fetch, link: Link, wrong: readonly Run[]): void {
    if (wrong.some((run) => fetch.isWrongAgain(link.peer.replica, run))) this.#end(fetch);
    else this.#asks.feed(fetch);
  }

  #lacks(link: Link, fetch: Fetch, tell: FetcherOptions['onMissing']): void {
    const peer = link.peer.replica;
    // It was asked for more than one piece, and says so of each.
    if (!fetch.peers.includes(peer)) return;
    fetch.peers = fetch.peers.filter((other) => other !== peer);
    for (const path of [...fetch.paths]) tell(path, fetch.content.id, peer);
  }

  async #begin(fetch: Fetch, inline: Uint8Array | undefined): Promise<void> {
    const { disk } = this.#options;
    try {
      const file = await disk.whole(fetch.content, inline);
      if (file !== undefined) return await this.#finish(fetch, file);
      const part = await disk.begin(fetch.content, fetch.list, fetch.firstPath);
      if (part.isResumed) this.#asks.await(fetch);
      await fetch.open(part);
      if (!this.#isWanted(fetch)) return this.#end(fetch);
      await this.#proceed(fetch);
      if (await fetch.look()) this.#grown(fetch);
    } catch (error) {
      this.#fail(fetch, error);
    }
  }

  /** A draft has become a content that is wanted. */
  async #become(fetch: Fetch, { path, content, peers }: Wish): Promise<void> {
    this.#fetches.delete(fetch.name);
    this.#fetches.set(nameOf(content), fetch);
    fetch.paths.add(path);
    if (fetch.draft !== undefined) this.#options.onBecame(path, fetch.draft.atMs);
    try {
      fetch.become(content, peers);
      await this.#proceed(fetch);
    } catch (error) {
      this.#fail(fetch, error);
    }
  }

  /** More of it is known; a draft may have become a content meanwhile. */
  #grown(fetch: Fetch): void {
    if (this.#isWanted(fetch)) this.#proceed(fetch).catch((error: unknown) => this.#fail(fetch, error));
  }

  async #proceed(fetch: Fetch): Promise<void> {
    if (!fetch.isWhole) this.#asks.feed(fetch);
    else if (fetch.isOpen) await this.#finish(fetch, await fetch.finish());
  }

  #isWanted(fetch: Fetch): boolean {
    return this.#fetches.get(fetch.name) === fetch;
  }

  async #writeAll(asked: Asked, { right }: Checked, { data, release }: Bytes): Promise<void> {
    await Promise.all(right.map((run) => this.#write(asked, run, data.subarray(run.at, run.at + run.bytes))));
    release?.();
  }

  async #write({ fetch, link }: Asked, run: Run, data: Uint8Array): Promise<void> {
    try {
      await fetch.write(run, data).finally(() => this.#asks.suppliers.done(link, run.bytes));
      if (!this.#isWanted(fetch)) return;
      if (!fetch.isWhole) this.#asks.askAll();
      // Of several that were written at the same time, the first one finds all there.
      else if (fetch.isOpen) await this.#finish(fetch, await fetch.finish());
    } catch (error) {
      this.#fail(fetch, error);
    }
  }

  async #finish(fetch: Fetch, file: string): Promise<void> {
    const { disk, onFetched } = this.#options;
    const files = [file];
    let failure: unknown;
    // While copies are made it may be wanted for more paths: nobody would look at those again.
    while (files.length < fetch.paths.size && failure === undefined) {
      const lacking = Array.from({ length: fetch.paths.size - files.length }, () => disk.copy(file));
      for (const made of await Promise.allSettled(lacking)) {
        if (made.status === 'fulfilled') files.push(made.value);
        else failure = made.reason;
      }
    }
    this.#drop(fetch);
    const lacking: EntryPath[] = [];
    for (const path of fetch.paths) {
      const own = files.shift();
      this.#wanted.delete(path);
      if (own === undefined) lacking.push(path);
      else onFetched(path, fetch.content.id, own);
    }
    // Of paths that were forgotten meanwhile. What cannot be removed goes after a day.
    for (const unneeded of files) disk.leave(unneeded).catch(() => undefined);
    this.#tellFailed(lacking, failure);
    this.#asks.askAll();
  }

  #fail(fetch: Fetch, error: unknown): void {
    if (!this.#isWanted(fetch)) return;
    if (fetch.isDraft) this.#end(fetch);
    const paths = [...fetch.paths];
    for (const path of paths) this.forget(path);
    this.#tellFailed(paths, error);
    this.#asks.askAll();
  }

  #tellFailed(paths: readonly EntryPath[], error: unknown): void {
    // That of the system names a file by its path, which may be anything.
    const reason = error instanceof CodedError ? error.message : readProblem(error);
    for (const path of paths) this.#options.onFailed(path, reason);
  }

  /** It makes room for others. */
  #letGo(fetch: Fetch): void {
    this.#end(fetch);
    this.#asks.askAll();
  }

  #end(fetch: Fetch): void {
    this.#drop(fetch);
    fetch.leave();
  }

  #drop(fetch: Fetch): void {
    this.#drafts.ended(fetch);
    if (this.#isWanted(fetch)) this.#fetches.delete(fetch.name);
    this.#asks.drop(fetch);
    this.#queue.remove(fetch);
  }
}
