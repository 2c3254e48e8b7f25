import { idOfChunk, idOfList } from '../model/content-id.ts';
import type { ContentId, FileContent } from '../model/entry.ts';
import { CHUNK_RECORD_BYTES } from '../wire/chunk-lists.ts';
import { wireLimits } from '../wire/limits.ts';

// Of a chunk in a packed list there comes first its size, the highest byte first, and then its hash.
const SIZE_BYTES = 3;

// To know where a chunk begins, the sizes of no more than so many others are added.
const STRIDE = 64;

/** Chunks of a content, in their order, counted from 0. */
export interface Chunks {
  /** How many of them are known. */
  readonly count: number;
  /** Bytes of the content. */
  readonly size: number;
  /** Bytes of a chunk. */
  sizeOf(index: number): number;
  /** Where a chunk begins in the content, in bytes; of the number behind the last one, where that ends. */
  offsetOf(index: number): number;
  /** The hash of a chunk: a view of 32 bytes. */
  hashOf(index: number): Uint8Array;
}

/** A view of a packed list of chunks: the chunks of a content, in their order. An empty content has none. */
export class ChunkList implements Chunks {
  readonly packed: Uint8Array;
  readonly count: number;
  /** Where every 64th chunk begins, and the end of all. */
  #marks: Float64Array | undefined;

  constructor(packed: Uint8Array) {
    if (packed.length % CHUNK_RECORD_BYTES !== 0) throw new RangeError(`${packed.length} bytes are no list of chunks`);
    this.packed = packed;
    this.count = packed.length / CHUNK_RECORD_BYTES;
  }

  /** Bytes of all chunks. */
  get size(): number {
    return this.offsetOf(this.count);
  }

  /** What a content of these chunks is known by. */
  get id(): ContentId {
    if (this.count === 0) return idOfChunk(this.packed);
    return this.count === 1 ? hexOf(this.hashOf(0)) : idOfList(this.packed);
  }

  sizeOf(index: number): number {
    this.#at(index, this.count - 1);
    return sizeAt(this.packed, index);
  }

  offsetOf(index: number): number {
    this.#at(index, this.count);
    this.#marks ??= this.#measure();
    const mark = Math.floor(index / STRIDE);
    let offset = this.#marks[mark] as number;
    for (let chunk = mark * STRIDE; chunk < index; chunk += 1) offset += this.sizeOf(chunk);
    return offset;
  }

  hashOf(index: number): Uint8Array {
    this.#at(index, this.count - 1);
    return hashAt(this.packed, index);
  }

  /** Is it a list of the same chunks? */
  equals(other: ChunkList): boolean {
    return Buffer.compare(this.packed, other.packed) === 0;
  }

  #measure(): Float64Array {
    const marks = new Float64Array(Math.floor(this.count / STRIDE) + 1);
    let offset = 0;
    for (let chunk = 0; chunk < this.count; chunk += 1) {
      if (chunk % STRIDE === 0) marks[chunk / STRIDE] = offset;
      offset += this.sizeOf(chunk);
    }
    if (this.count % STRIDE === 0) marks[this.count / STRIDE] = offset;
    return marks;
  }

  #at(index: number, last: number): void {
    if (!(index >= 0 && index <= last)) throw new RangeError(`There is no chunk ${index} among ${this.count}`);
  }
}

/**
 * The chunks of a file, also of one that has at most one.
 *
 * @throws RangeError when its list is damaged, or has to be there and is not
 */
export function wholeOf({ size, id, chunks }: FileContent): ChunkList {
  if (chunks !== undefined) return listOf(chunks);
  if (size === 0) return new ChunkList(new Uint8Array());
  if (size > wireLimits.chunkBytes) throw new RangeError(`A file of ${size} bytes without a list of its chunks`);
  const packed = new Uint8Array(CHUNK_RECORD_BYTES);
  packChunk(packed, 0, { size, hash: Buffer.from(id, 'hex') });
  return new ChunkList(packed);
}

// Where the chunks of a large file begin takes a while to find out, and is asked a thousand times while it is sent.
const lists = new WeakMap<Uint8Array, ChunkList>();

function listOf(packed: Uint8Array): ChunkList {
  const list = lists.get(packed) ?? new ChunkList(packed);
  lists.set(packed, list);
  return list;
}

/** Bytes of a chunk of a packed list. */
export function sizeAt(packed: Uint8Array, index: number): number {
  const at = index * CHUNK_RECORD_BYTES;
  return ((packed[at] as number) << 16) | ((packed[at + 1] as number) << 8) | (packed[at + 2] as number);
}

/** The hash of a chunk of a packed list: a view of 32 bytes. */
export function hashAt(packed: Uint8Array, index: number): Uint8Array {
  const at = index * CHUNK_RECORD_BYTES;
  return packed.subarray(at + SIZE_BYTES, at + CHUNK_RECORD_BYTES);
}

/**
 * Write a chunk into a packed list.
 *
 * @param index the place of the chunk, counted from 0
 */
export function packChunk(
  packed: Uint8Array,
  index: number,
  chunk: { readonly size: number; readonly hash: Uint8Array },
): void {
  const at = index * CHUNK_RECORD_BYTES;
  packed[at] = chunk.size >>> 16;
  packed[at + 1] = chunk.size >>> 8;
  packed[at + 2] = chunk.size;
  packed.set(chunk.hash, at + SIZE_BYTES);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
