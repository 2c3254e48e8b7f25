import { type FileHandle, open } from 'node:fs/promises';
import type { ChunkIndex } from './chunks/chunk-index.ts';
import type { Chunks } from './chunks/chunk-list.ts';
import type { Part, WrittenChunk } from './disk/part.ts';
import { TO_READ } from './disk/read-flags.ts';
import { hashOfChunk } from './model/content-id.ts';
import type { ContentId } from './model/entry.ts';
import type { Gathered, OpenPart } from './transfer/fetch-disk.ts';

/** A file of which some chunks may be wanted. */
export interface Base {
  readonly file: string;
  readonly list: Chunks;
  readonly index: ChunkIndex;
  /** Is it what it is known to be? */
  readonly isCurrent: () => boolean;
}

/** Where a part that gathers chunks belongs. */
export interface GatheringOptions {
  readonly base: Base | undefined;
  /** @param cameBytes how much of it came from peers */
  readonly onFinished: (file: string, cameBytes: number) => void;
  /** Nothing more is written to the part from here. */
  readonly onClosed: () => void;
  readonly become: (id: ContentId) => void;
}

/** Chunks that lie one behind the other in the old file as they do in the new one. */
interface Stretch {
  /** Where it begins in the old one. */
  readonly from: number;
  /** Of the new one. */
  readonly first: number;
  readonly count: number;
  readonly size: number;
}

// Of a copy: few calls, and little memory.
const MOST_BYTES_OF_A_STRETCH = 1024 ** 2;

/** A part that takes from this disk what is there, and the rest from others. */
export class GatheringPart implements OpenPart {
  readonly #part: Part;
  readonly #list: Chunks;
  readonly #options: GatheringOptions;
  #cameBytes = 0;
  #isClosed = false;
  /** What reads from the part or writes to it just now. */
  readonly #uses = new Set<Promise<unknown>>();
  isResumed: boolean;

  constructor(part: Part, list: Chunks, options: GatheringOptions) {
    this.#part = part;
    this.isResumed = !part.isEmpty;
    this.#list = list;
    this.#options = options;
  }

  gather(first: number, end: number): Promise<Gathered> {
    return this.#using(this.#gather(first, end));
  }

  async #gather(first: number, end: number): Promise<Gathered> {
    const unseen: number[] = [];
    const lacking: number[] = [];
    for (let chunk = first; chunk < end; chunk += 1) {
      (this.#part.has(chunkAt(this.#list, chunk)) ? unseen : lacking).push(chunk);
    }
    return { here: await this.#takeOver(lacking), unseen };
  }

  look(chunks: readonly number[]): Promise<ReadonlySet<number>> {
    return this.#using(this.#look(chunks));
  }

  /** A part may have been that of another draft in between: what is known of it is believed when it is seen. */
  async #look(chunks: readonly number[]): Promise<ReadonlySet<number>> {
    const seen = new Set<number>();
    const room = Buffer.allocUnsafe(MOST_BYTES_OF_A_STRETCH);
    for (const stretch of stretchesOf(this.#list, this.#list, new Map(chunks.map((chunk) => [chunk, chunk])))) {
      if (this.#isClosed) break;
      const bytes = await this.#part.read(room.subarray(0, stretch.size), stretch.from);
      for (const [index, chunk] of chunksIn(this.#list, stretch.first, stretch.size).entries()) {
        if (isRight(chunk, bytes, stretch.from)) seen.add(stretch.first + index);
      }
    }
    return seen;
  }

  write(first: number, data: Uint8Array): Promise<void> {
    this.#cameBytes += data.length;
    return this.#using(this.#part.write(chunksIn(this.#list, first, data.length), data));
  }

  repeat(here: number, chunk: number): Promise<void> {
    return this.#using(this.#repeat(here, chunk));
  }

  async #repeat(here: number, chunk: number): Promise<void> {
    // The part may be somebody else's by now: it would be opened again, and nobody looks at what he has written once more.
    if (this.#isClosed) return;
    const bytes = await this.#part.read(Buffer.allocUnsafe(this.#list.sizeOf(here)), this.#list.offsetOf(here));
    if (bytes.length < this.#list.sizeOf(here)) throw new RangeError('what came of it was changed by somebody else');
    await this.#part.write([chunkAt(this.#list, chunk)], bytes);
  }

  become(id: ContentId): void {
    this.#options.become(id);
  }

  async finish(): Promise<string> {
    try {
      const file = await this.#part.finish();
      this.#options.onFinished(file, this.#cameBytes);
      return file;
    } finally {
      this.#options.onClosed();
    }
  }

  discard(): Promise<void> {
    return this.#close(() => this.#part.drop());
  }

  leave(): Promise<void> {
    return this.#close(() => this.#part.close());
  }

  async #using<T>(use: Promise<T>): Promise<T> {
    this.#uses.add(use);
    try {
      return await use;
    } finally {
      this.#uses.delete(use);
    }
  }

  /** Behind all that reads and writes: the next one who opens the part must be the only one who writes to it. */
  async #close(close: () => Promise<void>): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#uses);
    try {
      await close();
    } finally {
      this.#options.onClosed();
    }
  }

  /** What the old file has in common with the new one need not come over the network. @returns what was taken */
  async #takeOver(lacking: readonly number[]): Promise<ReadonlySet<number>> {
    const taken = new Set<number>();
    const { base } = this.#options;
    if (base === undefined || lacking.length === 0 || !base.isCurrent()) return taken;
    const common = new Map<number, number>();
    for (const chunk of lacking) {
      const there = base.index.find(this.#list.hashOf(chunk));
      if (there !== undefined) common.set(chunk, there);
    }
    if (common.size === 0) return taken;
    for await (const { bytes, stretch } of stretchesIn(base.file, stretchesOf(this.#list, base.list, common))) {
      if (this.#isClosed) break;
      const chunks = chunksIn(this.#list, stretch.first, bytes.length);
      // Somebody has changed it, or the disk has damaged it, and its time does not tell: then it comes from others.
      if (!chunks.every((chunk) => isRight(chunk, bytes, chunks[0]?.offset ?? 0))) continue;
      await this.#part.write(chunks, bytes);
      for (const index of chunks.keys()) taken.add(stretch.first + index);
    }
    return taken;
  }
}

/** A chunk, and where in the content it belongs. */
export function chunkAt(list: Chunks, index: number): WrittenChunk {
  const hash = Buffer.from(list.hashOf(index)).toString('hex');
  return { hash, offset: list.offsetOf(index), size: list.sizeOf(index) };
}

/** The chunks that begin with one and are so many bytes. */
function chunksIn(list: Chunks, first: number, size: number): readonly WrittenChunk[] {
  const chunks: WrittenChunk[] = [];
  for (let index = first, bytes = 0; bytes < size; index += 1) {
    const chunk = chunkAt(list, index);
    chunks.push(chunk);
    bytes += chunk.size;
  }
  return chunks;
}

/** Is a chunk what it is to be? @param bytes of the content, from a place on */
function isRight({ offset, size, hash }: WrittenChunk, bytes: Buffer, from: number): boolean {
  const at = offset - from;
  return hashOfChunk(bytes.subarray(at, at + size)).toString('hex') === hash;
}

function* stretchesOf(list: Chunks, old: Chunks, common: ReadonlyMap<number, number>): Iterable<Stretch> {
  let last: Stretch | undefined;
  for (const [chunk, there] of common) {
    const next = { from: old.offsetOf(there), first: chunk, count: 1, size: list.sizeOf(chunk) };
    const joins =
      last !== undefined &&
      last.from + last.size === next.from &&
      last.first + last.count === next.first &&
      last.size + next.size <= MOST_BYTES_OF_A_STRETCH;
    if (last !== undefined && !joins) yield last;
    last = last !== undefined && joins ? { ...last, count: last.count + 1, size: last.size + next.size } : next;
  }
  if (last !== undefined) yield last;
}

/** The stretches of a file, each good until the next one is asked for. */
async function* stretchesIn(
  from: string,
  stretches: Iterable<Stretch>,
): AsyncIterable<{ readonly bytes: Buffer; readonly stretch: Stretch }> {
  const source = await open(from, TO_READ);
  try {
    const room = Buffer.allocUnsafe(MOST_BYTES_OF_A_STRETCH);
    for (const stretch of stretches) {
      const bytes = room.subarray(0, stretch.size);
      // It is shorter now: what is missing will be seen to have changed.
      if ((await readAt(source, bytes, stretch.from)) < stretch.size) return;
      yield { bytes, stretch };
    }
  } finally {
    await source.close();
  }
}

/** @returns how many bytes there were */
async function readAt(file: FileHandle, room: Buffer, at: number): Promise<number> {
  let read = 0;
  while (read < room.length) {
    const { bytesRead } = await file.read(room, read, room.length - read, at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return read;
}
