import type { Hash } from 'node:crypto';
import { beginChunkHash } from '../model/content-id.ts';
import type { FileContent } from '../model/entry.ts';
import { CHUNK_RECORD_BYTES } from '../wire/chunk-lists.ts';
import { wireLimits } from '../wire/limits.ts';
import { ChunkList, packChunk } from './chunk-list.ts';
import { cutRulesFor, WHOLE_BYTES } from './cut-rules.ts';
import { Cutter } from './cutter.ts';

/** Makes the list of the chunks of a content, and its id, while its bytes pass by. */
export class Chunker {
  /** `undefined` for a content that is not cut. */
  readonly #cutter: Cutter | undefined;
  readonly #most: number;
  readonly #packed: Uint8Array;
  #hash: Hash = beginChunkHash();
  #count = 0;
  #told = 0;
  #size = 0;
  /** Bytes of the chunk that has begun. */
  #begun = 0;

  /**
   * @param size how many bytes there will be at the most
   * @param most how many chunks it may list: as many as peers may tell each other of
   */
  constructor(size: number, most: number = wireLimits.chunks) {
    this.#most = most;
    const rules = cutRulesFor(size);
    this.#cutter = size > WHOLE_BYTES ? new Cutter(rules) : undefined;
    // Room for as many as there can be: memory that is not written to costs nothing.
    const room = Math.min(Math.floor(size / rules.min) + 1, most);
    this.#packed = new Uint8Array(room * CHUNK_RECORD_BYTES);
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Are there more chunks than it may list? What was found behind those is not kept. */
  get hasTooMany(): boolean {
    return this.#count > this.#most;
  }

  /** Take the next bytes; they are not needed any more afterwards. */
  write(bytes: Uint8Array): void {
    this.#size += bytes.length;
    let from = 0;
    for (let next = this.#cut(bytes, 0); next >= 0; next = this.#cut(bytes, from)) {
      this.#hash.update(bytes.subarray(from, next));
      this.#begun += next - from;
      this.#endChunk();
      from = next;
    }
    this.#hash.update(from === 0 ? bytes : bytes.subarray(from));
    this.#begun += bytes.length - from;
  }

  /** The packed list of the chunks that were found since it was last asked for. */
  news(): Uint8Array {
    const from = this.#told;
    this.#told = this.#count;
    return this.#packed.slice(from * CHUNK_RECORD_BYTES, this.#count * CHUNK_RECORD_BYTES);
  }

  /** All bytes were given: what the content is. */
  end(): Pick<FileContent, 'size' | 'id' | 'chunks'> {
    const size = this.#size;
    if (this.#begun > 0) this.#endChunk();
    const list = new ChunkList(this.#packed.slice(0, this.#count * CHUNK_RECORD_BYTES));
    return { size, id: list.id, ...(this.#count > 1 && { chunks: list.packed }) };
  }

  #cut(bytes: Uint8Array, from: number): number {
    return this.#cutter === undefined ? -1 : this.#cutter.cut(bytes, from);
  }

  #endChunk(): void {
    if (this.#count < this.#most) {
      packChunk(this.#packed, this.#count, { size: this.#begun, hash: this.#hash.digest() });
    }
    this.#hash = beginChunkHash();
    this.#count += 1;
    this.#begun = 0;
  }
}
