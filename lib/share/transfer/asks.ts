import type { Clock } from '../../base/clock.ts';
import type { Link } from '../link/link.ts';
import type { ContentId } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Fetch } from './fetch.ts';
import type { Run } from './missing-chunks.ts';
import { Suppliers } from './suppliers.ts';

/** What asks are made with. */
export interface AsksOptions {
  readonly clock: Clock;
  /** The link to a peer, where there is one. */
  readonly linkTo: (peer: ReplicaId) => Link | undefined;
  /** Nobody has it now, and nothing of it is on its way. */
  readonly onNobody: (fetch: Fetch) => void;
}

/** Some chunks that a peer was asked for. */
export interface Asked {
  readonly request: number;
  readonly link: Link;
  readonly fetch: Fetch;
  /** Under which it was asked for: that of a draft, where it was one then. */
  readonly id: ContentId;
  /** What of it has not come yet. */
  rest: Run;
}

/** Asks peers for chunks of what is fetched: each for as much as there is room for. */
export class Asks {
  readonly #options: AsksOptions;
  readonly #asked = new Map<number, Asked>();
  /** Those of which there may be something to be asked for, in the order in which they came. */
  readonly #hungry = new Set<Fetch>();
  /** Those that were begun earlier, and are looked through for what of them is there. */
  readonly #resuming = new Set<Fetch>();
  readonly suppliers: Suppliers;
  #requests = 0;

  constructor(options: AsksOptions) {
    this.#options = options;
    this.suppliers = new Suppliers(options.clock, (stalled) => this.#giveToOthers(stalled));
  }

  /** What a peer answers to; `undefined` for something that is not wanted any more. */
  of(link: Link, request: number): Asked | undefined {
    const asked = this.#asked.get(request);
    return asked?.link === link ? asked : undefined;
  }

  /** It was begun earlier, and will soon be asked for: nothing else is before that. */
  await(fetch: Fetch): void {
    this.#resuming.add(fetch);
  }

  /** There may be something to be asked for of it. */
  feed(fetch: Fetch): void {
    this.#resuming.delete(fetch);
    this.#hungry.add(fetch);
    this.askAll();
  }

  /** Ask everybody for as much as there is room for: a run of one content, then one of the next. */
  askAll(): void {
    // Others were kept back for what was begun earlier, and there may be nothing of it to be asked for any more.
    while (this.#askRound());
  }

  /** Some of it has come. */
  took(asked: Asked, { first, count, bytes }: Run): void {
    asked.rest = { first: first + count, count: asked.rest.count - count, bytes: asked.rest.bytes - bytes };
    if (asked.rest.count > 0) return;
    this.#asked.delete(asked.request);
    this.suppliers.answered(asked.link);
  }

  /** What has not come of it will not come. */
  giveBack({ request, link, fetch, rest }: Asked): void {
    this.#asked.delete(request);
    this.suppliers.answered(link);
    this.suppliers.done(link, rest.bytes);
    fetch.giveBack(rest);
    this.#hungry.add(fetch);
  }

  /** It is not to be asked for any more. What was asked for is passed over when it comes. */
  drop(fetch: Fetch): void {
    for (const asked of [...this.#asked.values()]) if (asked.fetch === fetch) this.giveBack(asked);
    this.#hungry.delete(fetch);
    this.#resuming.delete(fetch);
  }

  /** A peer is gone. */
  down(link: Link): void {
    for (const asked of [...this.#asked.values()]) if (asked.link === link) this.giveBack(asked);
    this.suppliers.forget(link);
    this.askAll();
  }

  /** @returns whether one that was begun earlier has nothing more to be asked for */
  #askRound(): boolean {
    const reserved = this.#reserved();
    let isResumedOver = false;
    // One that is put back at the end comes again in the same loop.
    for (const fetch of this.#hungry) {
      const links = this.#linksOf(fetch);
      const link = this.suppliers.next(fetch.isResumed ? links : links.filter((one) => !reserved.has(one)));
      if (link === undefined && links.length > 0) continue;
      this.#hungry.delete(fetch);
      if (link !== undefined && this.#ask(fetch, link)) this.#hungry.add(fetch);
      else isResumedOver ||= fetch.isResumed;
      if (link === undefined) this.#setAside(fetch);
    }
    return isResumedOver;
  }

  /** Those who have what was begun earlier: that comes to its end before they are asked for anything else. */
  #reserved(): ReadonlySet<Link> {
    const resumed = [...this.#resuming, ...[...this.#hungry].filter(({ isResumed }) => isResumed)];
    return new Set(resumed.flatMap((fetch) => this.#linksOf(fetch)));
  }

  #linksOf({ peers }: Fetch): readonly Link[] {
    return peers.flatMap((peer) => this.#options.linkTo(peer) ?? []);
  }

  /** Nobody has it now. What is being written, looked at or gathered of it may be all that is missing. */
  #setAside(fetch: Fetch): void {
    if (!fetch.isLacking) return;
    const isAsked = [...this.#asked.values()].some((asked) => asked.fetch === fetch);
    if (!isAsked) this.#options.onNobody(fetch);
  }

  /** What a peer does not give is asked of another one, where there is one. */
  #giveToOthers(stalled: ReadonlySet<Link>): void {
    for (const asked of [...this.#asked.values()]) {
      if (!stalled.has(asked.link)) continue;
      if (this.#linksOf(asked.fetch).some((link) => !stalled.has(link))) this.giveBack(asked);
    }
    this.askAll();
  }

  /** @returns whether there was something to be asked for */
  #ask(fetch: Fetch, link: Link): boolean {
    const run = fetch.nextRun();
    if (run === undefined) return false;
    this.#requests += 1;
    const { id } = fetch.content;
    this.#asked.set(this.#requests, { request: this.#requests, link, fetch, id, rest: run });
    this.suppliers.asked(link, run.bytes);
    link.send({ kind: 'ask', request: this.#requests, id, first: run.first, count: run.count });
    return true;
  }
}
