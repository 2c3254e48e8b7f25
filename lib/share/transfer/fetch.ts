import { hash } from 'node:crypto';
import { type ChunkList, wholeOf } from '../chunks/chunk-list.ts';
import type { EntryPath, FileContent } from '../model/entry.ts';
import type { ReplicaId } from '../model/version.ts';
import type { Bytes } from '../wire/message.ts';
import type { OpenPart } from './fetch-disk.ts';
import { MissingChunks, type Run } from './missing-chunks.ts';

/** A content on its way to this disk, and who wants it. */
export class Fetch {
  readonly content: FileContent;
  readonly list: ChunkList;
  readonly paths: Set<EntryPath>;
  /** Who is asked for it. */
  peers: readonly ReplicaId[];
  /** Fulfilled when nobody writes to its part any more, after it was left. */
  left: Promise<void> = Promise.resolve();
  readonly #missing: MissingChunks;
  #part: OpenPart | undefined;
  #isLeft = false;
  /** Bytes of chunks that are here. */
  hereBytes = 0;

  constructor(content: FileContent, path: EntryPath, peers: readonly ReplicaId[]) {
    this.content = content;
    this.list = wholeOf(content);
    this.paths = new Set([path]);
    this.peers = peers;
    this.#missing = new MissingChunks(this.list);
  }

  /** One of the paths it is for. */
  get firstPath(): EntryPath {
    const [path = ''] = this.paths;
    return path;
  }

  get isWhole(): boolean {
    return this.#missing.isWhole;
  }

  /** Its part is open, and may be written to. */
  open(part: OpenPart): void {
    this.#part = part;
    for (const index of part.here) this.#have(index);
    if (this.#isLeft) this.leave();
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
   * @returns which they are; `undefined` when they are others
   */
  check(rest: Run, { first, data }: Bytes): Run | undefined {
    if (first !== rest.first) return undefined;
    let index = first;
    let at = 0;
    for (; at < data.length && index < first + rest.count; index += 1) {
      const size = this.list.sizeOf(index);
      const digest = hash('sha256', data.subarray(at, at + size), 'buffer');
      if (at + size > data.length || Buffer.compare(digest, this.list.hashOf(index)) !== 0) return undefined;
      at += size;
    }
    return at === data.length && index > first ? { first, count: index - first, bytes: at } : undefined;
  }

  /** Write chunks that were checked. */
  async write({ first, count }: Run, data: Uint8Array): Promise<void> {
    if (this.#isLeft) return;
    await this.#part?.write(first, data);
    for (let index = first; index < first + count; index += 1) this.#have(index);
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
    if (part !== undefined) this.left = part.leave();
  }

  #have(index: number): void {
    if (!this.#missing.isHere(index)) this.hereBytes += this.list.sizeOf(index);
    this.#missing.have(index);
  }
}
