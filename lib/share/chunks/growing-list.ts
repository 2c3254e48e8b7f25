import { CHUNK_RECORD_BYTES } from '../wire/chunk-lists.ts';
import { wireLimits } from '../wire/limits.ts';
import { ChunkList, type Chunks, hashAt, sizeAt } from './chunk-list.ts';
import { cutRulesFor } from './cut-rules.ts';

/** The chunks of a content of which they become known one after the other. */
export class GrowingList implements Chunks {
  /** Bytes of the whole content. */
  readonly size: number;
  /** How many there may be: of a peer that cuts smaller it is none. */
  readonly most: number;
  readonly #packed: Uint8Array;
  /** Where each of them begins, and where the last one ends. */
  readonly #offsets: Float64Array;
  #count = 0;

  /** @param size bytes of the whole content */
  constructor(size: number) {
    this.size = size;
    this.most = Math.min(Math.ceil(size / cutRulesFor(size).min) + 1, wireLimits.chunks);
    // Memory that is not written to costs nothing.
    this.#packed = new Uint8Array(this.most * CHUNK_RECORD_BYTES);
    this.#offsets = new Float64Array(this.most + 1);
  }

  /** Those that are known by now. */
  get count(): number {
    return this.#count;
  }

  /** Do those that are known make up the whole content? */
  get isWhole(): boolean {
    return this.#offsets[this.#count] === this.size;
  }

  /**
   * These come behind those that are known.
   *
   * @param packed as in a list of chunks
   * @throws RangeError for more than the content can have; then the list is of no use any more
   */
  add(packed: Uint8Array): void {
    const added = packed.length / CHUNK_RECORD_BYTES;
    if (this.#count + added > this.most) throw new RangeError(`More than ${this.most} chunks`);
    this.#packed.set(packed, this.#count * CHUNK_RECORD_BYTES);
    for (let index = this.#count; index < this.#count + added; index += 1) {
      this.#offsets[index + 1] = (this.#offsets[index] as number) + sizeAt(this.#packed, index);
    }
    this.#count += added;
    if ((this.#offsets[this.#count] as number) > this.size) throw new RangeError(`More than ${this.size} bytes`);
  }

  sizeOf(index: number): number {
    return sizeAt(this.#packed, this.#known(index, this.#count - 1));
  }

  offsetOf(index: number): number {
    return this.#offsets[this.#known(index, this.#count)] as number;
  }

  hashOf(index: number): Uint8Array {
    return hashAt(this.#packed, this.#known(index, this.#count - 1));
  }

  /** Those that are known, as a list that does not grow. */
  toList(): ChunkList {
    return new ChunkList(this.#packed.slice(0, this.#count * CHUNK_RECORD_BYTES));
  }

  #known(index: number, last: number): number {
    if (!(index >= 0 && index <= last)) throw new RangeError(`There is no chunk ${index} among ${this.#count}`);
    return index;
  }
}
