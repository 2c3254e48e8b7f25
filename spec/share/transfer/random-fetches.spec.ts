import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { ChunkList, packChunk } from '../../../lib/share/chunks/chunk-list.ts';
import { hashOfChunk } from '../../../lib/share/model/content-id.ts';
import type { FileContent } from '../../../lib/share/model/entry.ts';
import type { OpenPart } from '../../../lib/share/transfer/fetch-disk.ts';
import { Fetcher } from '../../../lib/share/transfer/fetcher.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { SilentLink } from './transfer-scene.ts';

const CHUNK = 32 * 1024;
const DRAFT = 'd'.repeat(64);
const MOST_STEPS = 3000;

/** Whatever may go one way or another asks here: a number from 0 to below another one. */
type Chance = (below: number) => number;

/** A file of which some chunks have the same bytes. */
class RandomFile {
  readonly chunks: readonly Buffer[];
  readonly packed: Buffer;
  readonly content: FileContent;

  constructor(chance: Chance) {
    const kinds = Array.from({ length: 1 + chance(20) }, (_, kind) => Buffer.alloc(CHUNK, `${kind};`));
    this.chunks = Array.from({ length: 4 + chance(30) }, () => kinds[chance(kinds.length)] ?? Buffer.alloc(CHUNK));
    this.packed = Buffer.alloc(35 * this.chunks.length);
    for (const [index, bytes] of this.chunks.entries()) {
      packChunk(this.packed, index, { size: CHUNK, hash: hashOfChunk(bytes) });
    }
    const { id, size } = new ChunkList(this.packed);
    this.content = { type: 'file', id, size, mtimeMs: 0, isExecutable: false, chunks: this.packed };
  }
}

/** A part of which it is said what is in it, which may be wrong; all it does takes its time. */
class RandomPart implements OpenPart {
  readonly #file: RandomFile;
  readonly #chance: Chance;
  readonly #said = new Set<number>();
  readonly #there = new Map<number, Buffer>();
  #uses = 0;
  /** What must not happen. */
  readonly faults: string[] = [];

  constructor(file: RandomFile, chance: Chance) {
    this.#file = file;
    this.#chance = chance;
    for (const [index, bytes] of file.chunks.entries()) {
      if (chance(2) === 0) continue;
      this.#said.add(index);
      this.#there.set(index, chance(3) === 0 ? Buffer.alloc(CHUNK) : bytes);
    }
  }

  get isResumed(): boolean {
    return this.#said.size > 0;
  }

  gather(first: number, end: number) {
    return this.#use(() => {
      const all = Array.from({ length: end - first }, (_, index) => first + index);
      const unseen = all.filter((index) => this.#said.has(index));
      const here = all.filter((index) => !this.#said.has(index) && this.#chance(10) === 0);
      for (const index of here) this.#put(index, this.#file.chunks[index]);
      return { here: new Set(here), unseen };
    });
  }

  look(chunks: readonly number[]) {
    return this.#use(() => new Set(chunks.filter((index) => this.#isRight(index))));
  }

  async write(first: number, data: Uint8Array): Promise<void> {
    await this.#use(() => {
      for (let at = 0; at < data.length; at += CHUNK) this.#put(first + at / CHUNK, data.subarray(at, at + CHUNK));
    });
  }

  async repeat(here: number, chunk: number): Promise<void> {
    await this.#use(() => this.#put(chunk, this.#there.get(here)));
  }

  become(): void {}

  async finish(): Promise<string> {
    if (this.#uses > 0) this.faults.push('it is finished while it is used');
    for (const index of this.#file.chunks.keys()) {
      if (!this.#isRight(index)) this.faults.push(`chunk ${index} is wrong`);
    }
    return 'a file';
  }

  async discard(): Promise<void> {
    this.faults.push('it was discarded');
  }

  async leave(): Promise<void> {
    this.faults.push('it was left');
  }

  async #use<T>(work: () => T): Promise<T> {
    this.#uses += 1;
    for (let turns = this.#chance(4); turns > 0; turns -= 1) await turn();
    this.#uses -= 1;
    return work();
  }

  #put(index: number, bytes: Uint8Array | undefined): void {
    this.#there.set(index, Buffer.from(bytes ?? []));
  }

  #isRight(index: number): boolean {
    return this.#there.get(index)?.equals(this.#file.chunks[index] ?? Buffer.alloc(0)) === true;
  }
}

/** A peer that tells of a file, as a draft or not, and gives what it is asked for, when it likes. */
class RandomPeer {
  readonly #file: RandomFile;
  readonly #chance: Chance;
  readonly #fetcher: Fetcher;
  readonly #link: SilentLink;
  #told = 0;
  #answered = 0;
  #isWanted = false;

  constructor(file: RandomFile, chance: Chance, fetcher: Fetcher, link: SilentLink) {
    this.#file = file;
    this.#chance = chance;
    this.#fetcher = fetcher;
    this.#link = link;
  }

  beginDraft(): void {
    this.#fetcher.hearDraft(this.#link, { kind: 'draft', draft: DRAFT, path: 'f', size: this.#file.content.size });
  }

  want(): void {
    this.#isWanted = true;
    this.#fetcher.want({ path: 'f', content: this.#file.content, peers: ['a'] });
  }

  step(): void {
    const { chunks, packed, content } = this.#file;
    if (!this.#isWanted && this.#told < chunks.length && this.#chance(5) < 2) {
      const end = Math.min(chunks.length, this.#told + 1 + this.#chance(8));
      const more = packed.subarray(35 * this.#told, 35 * end);
      this.#fetcher.hearDraft(this.#link, { kind: 'draft-chunks', draft: DRAFT, chunks: more });
      this.#told = end;
    } else if (!this.#isWanted && this.#told === chunks.length && this.#chance(5) < 2) {
      this.#fetcher.hearDraft(this.#link, { kind: 'draft-end', draft: DRAFT, id: content.id });
      this.want();
    }
    while (this.#answered < this.#link.asks.length && this.#chance(2) === 0) this.#answer();
  }

  #answer(): void {
    const ask = this.#link.asks[this.#answered];
    this.#answered += 1;
    if (ask === undefined) return;
    const { request, first, count } = ask;
    const data = Buffer.concat(this.#file.chunks.slice(first, first + count));
    this.#fetcher.take(this.#link, { kind: 'bytes', request, first, codec: 'none', size: data.length, data });
  }
}

/** @returns what went wrong */
async function fetchOne(isDraft: boolean, chance: Chance): Promise<readonly string[]> {
  const file = new RandomFile(chance);
  const part = new RandomPart(file, chance);
  const link = new SilentLink('a');
  let fetched = 0;
  const ignored = () => undefined;
  const fetcher = new Fetcher({
    disk: {
      whole: async () => undefined,
      begin: async () => part,
      copy: async (name) => name,
      leave: async () => undefined,
    },
    clock: new ManualClock(),
    linkTo: () => link,
    onFetched: () => (fetched += 1),
    onFailed: (_, reason) => part.faults.push(reason),
    onWrongBytes: () => part.faults.push('the peer was blamed'),
    chunksAt: ignored,
    isWelcome: () => true,
    ...{ onGone: ignored, onMissing: ignored, onDraft: ignored, onBecame: ignored },
  });
  const peer = new RandomPeer(file, chance, fetcher, link);
  if (isDraft) peer.beginDraft();
  else peer.want();
  for (let step = 0; step < MOST_STEPS && fetched === 0 && part.faults.length === 0; step += 1) {
    await turn();
    peer.step();
  }
  for (let turns = 0; turns < 5; turns += 1) await turn();
  return fetched === 1 ? part.faults : [...part.faults, `it was fetched ${fetched} times`];
}

describe('A Fetcher, in whatever order things happen', () => {
  for (const isDraft of [false, true]) {
    it(`finishes once, with all bytes as they are to be: ${isDraft ? 'a draft that becomes a content' : 'a content'}`, async () => {
      const property = fc.asyncProperty(fc.infiniteStream(fc.nat()), async (numbers) => {
        const faults = await fetchOne(isDraft, (below) => (numbers.next().value as number) % below);
        if (faults.length > 0) throw new Error(faults.join('; '));
      });
      const details = await fc.check(property, { numRuns: 100 });
      expect(fc.defaultReportMessage(details) ?? 'holds').toBe('holds');
    });
  }
});
