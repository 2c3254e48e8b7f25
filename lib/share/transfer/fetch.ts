import { ChunkIndex } from '../chunks/chunk-index.ts';
import { type Chunks, wholeOf } from '../chunks/chunk-list.ts';
import type { GrowingList } from '../chunks/growing-list.ts';
import { hashOfChunk } from '../model/content-id.ts';
import type { EntryPath, FileContent } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Bytes } from '../wire/message.ts';
import type { OpenPart } from './fetch-disk.ts';
import { MissingChunks, type Run } from './missing-chunks.ts';

/** What has come of what was asked for. */
export interface Checked {
  /** All of it. */
  readonly taken: Run;
  /** What may be written, and where it begins in what has come. */
  readonly right: readonly (Run & { readonly at: number })[];
  /** Chunks that were damaged on the way, or were never those that they are told to be. */
  readonly wrong: readonly Run[];
}

/** A content of which not all chunks are known yet. */
interface DraftBeginning {
  readonly list: GrowingList;
  /** Where it lies at whoever reads it. */
  readonly path: EntryPath;
  /** By the clock. */
  readonly atMs: number;
}

/** A content on its way to this disk, and who wants it. */
export class Fetch {
  readonly list: Chunks;
  /** None for a draft: nobody knows yet who will want it. */
  readonly paths = new Set<EntryPath>();
  /** Who is asked for it. */
  peers: readonly ReplicaId[];
  /** Fulfilled when nobody writes to its part any more, after it was left. */
  left: Promise<void> = Promise.resolve();
  #content: FileContent;
  /** How it began, where it did so as a draft. */
  readonly draft: DraftBeginning | undefined;
  #hasBecome = false;
  readonly #missing: MissingChunks;
  /** Those that are known, by their hashes. */
  readonly #known: ChunkIndex;
  /** Which chunks came wrong, and from whom. */
  readonly #wrong = new Set<string>();
  /** Chunks that have the same bytes as another one, by that one. */
  readonly #copies = new Map<number, number[]>();
  /** Said to be in the part, and not looked at yet. */
  #unseen: readonly number[] = [];
  #part: OpenPart | undefined;
  #isLeft = false;
  /** Bytes of chunks that are here, as far as is known. */
  hereBytes = 0;
  /** Was it begun in an earlier run, or before a connection was lost? */
  isResumed = false;

  /**
   * @param draft more of its chunks will become known; the id of the content is that of the draft until it {@link become}s a
   *   content
   */
  constructor(content: FileContent, peers: readonly ReplicaId[], draft?: DraftBeginning) {
    this.#content = content;
    this.draft = draft;
    this.list = draft?.list ?? wholeOf(content);
    this.peers = peers;
    const most = draft?.list.most ?? this.list.count;
    this.#missing = new MissingChunks(this.list, most);
    this.#known = new ChunkIndex(this.list, most);
  }

  get content(): FileContent {
    return this.#content;
  }

  /** Is it not known yet what it will be? */
  get isDraft(): boolean {
    return this.draft !== undefined && !this.#hasBecome;
  }

  /** Of how many chunks it is known whether they have to be asked for. */
  get known(): number {
    return this.#missing.count;
  }

  /** What it is found under. */
  get name(): string {
    return this.isDraft ? `draft ${this.#content.id}` : nameOf(this.#content);
  }

  /** One of the paths it is for. */
  get firstPath(): EntryPath {
    const [path = this.draft?.path ?? ''] = this.paths;
    return path;
  }

  get isWhole(): boolean {
    return !this.isDraft && this.#missing.isWhole;
  }

  /** Is its part open? Before it is begun, and from when it is being finished, it is not. */
  get isOpen(): boolean {
    return this.#part !== undefined;
  }

  /** Its part is open, and may be written to; fulfilled when it is known what of it has to be asked for. */
  async open(part: OpenPart): Promise<void> {
    this.#part = part;
    if (this.#isLeft) this.leave();
    else if (this.#hasBecome) part.become(this.#content.id);
    await this.grow();
  }

  /** There may be more chunks in the list: fulfilled when it is known which of them have to be asked for. */
  async grow(): Promise<void> {
    const part = this.#part;
    const [first, end] = [this.#missing.count, this.list.count];
    if (part === undefined) return;
    const { here, unseen } = await part.gather(first, end);
    this.isResumed ||= part.isResumed;
    this.#missing.grow(end);
    for (const index of here) this.#have(index);
    for (const index of unseen) {
      this.#missing.putOff(index);
      this.hereBytes += this.list.sizeOf(index);
    }
    this.#unseen = [...this.#unseen, ...unseen];
    await this.#spareCopies(
      part,
      Array.from({ length: end - first }, (_, index) => first + index),
    );
  }

  /**
   * Look at what is said to have come before: meanwhile the rest may be asked for.
   *
   * @returns whether there was anything to be looked at; then there may be more to be asked for, or all may be here
   */
  async look(): Promise<boolean> {
    const unseen = this.#unseen;
    const part = this.#part;
    if (part === undefined || unseen.length === 0) return false;
    const seen = await part.look(unseen);
    for (const index of unseen) {
      this.hereBytes -= this.list.sizeOf(index);
      if (seen.has(index)) this.#have(index);
      else this.#missing.demand(index);
    }
    this.#unseen = [];
    await this.#spareCopies(
      part,
      unseen.filter((index) => !seen.has(index)),
    );
    for (const index of seen) await this.#came(index);
    return true;
  }

  /** Is there anything of it to be asked for? */
  get isLacking(): boolean {
    return this.#missing.isLacking;
  }

  /** It is known now what it is. */
  become(content: FileContent, peers: readonly ReplicaId[]): void {
    this.#content = content;
    this.#hasBecome = true;
    this.peers = peers;
    this.#part?.become(content.id);
  }

  /** What is to be asked for next; nothing before the part is open. */
  nextRun(): Run | undefined {
    return this.#part === undefined ? undefined : this.#missing.take();
  }

  giveBack(run: Run): void {
    this.#missing.giveBack(run);
  }

  /**
   * Are these bytes the next chunks of what was asked for?
   *
   * @returns which of them are right; `undefined` when they are not even as many bytes as so many chunks have
   */
  check(rest: Run, { first, data }: Bytes): Checked | undefined {
    if (first !== rest.first || data.length === 0) return undefined;
    const right: (Run & { readonly at: number })[] = [];
    const wrong: Run[] = [];
    let index = first;
    let at = 0;
    for (; at < data.length && index < first + rest.count; index += 1) {
      const bytes = this.list.sizeOf(index);
      if (at + bytes > data.length) return undefined;
      const digest = hashOfChunk(data.subarray(at, at + bytes));
      const last = right.at(-1);
      if (Buffer.compare(digest, this.list.hashOf(index)) !== 0) wrong.push({ first: index, count: 1, bytes });
      else if (last === undefined || last.first + last.count < index) right.push({ first: index, count: 1, bytes, at });
      else right[right.length - 1] = { ...last, count: last.count + 1, bytes: last.bytes + bytes };
      at += bytes;
    }
    return at === data.length ? { taken: { first, count: index - first, bytes: at }, right, wrong } : undefined;
  }

  /** A peer has given a wrong chunk. @returns whether it has done so with the same chunk before */
  isWrongAgain(peer: ReplicaId, { first }: Run): boolean {
    const name = `${peer} ${first}`;
    if (this.#wrong.has(name)) return true;
    this.#wrong.add(name);
    return false;
  }

  /** Write chunks that were checked. */
  async write({ first, count }: Run, data: Uint8Array): Promise<void> {
    if (this.#isLeft) return;
    await this.#part?.write(first, data);
    for (let index = first; index < first + count; index += 1) await this.#came(index);
  }

  async #came(index: number): Promise<void> {
    this.#have(index);
    for (const copy of this.#copies.get(index) ?? []) {
      await this.#part?.repeat(index, copy);
      this.#have(copy);
    }
  }

  /** All is here. @returns the finished file */
  async finish(): Promise<string> {
    const part = this.#part;
    if (part === undefined) throw new RangeError('it was not begun');
    this.#part = undefined;
    return part.finish();
  }

  /** Nobody wants it any more; what has come stays on the disk. */
  leave(): void {
    this.#isLeft = true;
    const part = this.#part;
    this.#part = undefined;
    if (part !== undefined) this.left = part.leave().catch(leftOver);
  }

  /** Nobody wants it any more, and what has come of it is of no use. */
  discard(): void {
    this.#isLeft = true;
    const part = this.#part;
    this.#part = undefined;
    if (part !== undefined) this.left = part.discard().catch(leftOver);
  }

  /** A chunk that comes many times in a file, as zeros do, is asked for once. */
  async #spareCopies(part: OpenPart, indices: readonly number[]): Promise<void> {
    this.#known.grow();
    const repeated: [number, number][] = [];
    for (const index of indices) {
      const first = this.#known.find(this.list.hashOf(index)) ?? index;
      if (first === index || !this.#missing.isMissing(index)) continue;
      this.#missing.putOff(index);
      if (this.#missing.isHere(first)) repeated.push([first, index]);
      else this.#copies.set(first, [...(this.#copies.get(first) ?? []), index]);
    }
    for (const [here, index] of repeated) {
      // A part that was let go of is somebody else's.
      if (this.#isLeft) return;
      await part.repeat(here, index);
      this.#have(index);
    }
  }

  #have(index: number): void {
    if (!this.#missing.isHere(index)) this.hereBytes += this.list.sizeOf(index);
    this.#missing.have(index);
  }
}

/** What a content is fetched under. With its size: that of a file of one chunk is only what a peer says, and may be wrong. */
export function nameOf({ id, size }: FileContent): string {
  return `${size} ${id}`;
}

/** What cannot be closed or removed now lies among the unused ones, which go after a day. */
function leftOver(): void {}
