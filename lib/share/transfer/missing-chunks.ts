import type { Chunks } from '../chunks/chunk-list.ts';

/** Some chunks of a content, one behind the other. */
export interface Run {
  /** Counted from 0. */
  readonly first: number;
  readonly count: number;
  readonly bytes: number;
}

// A message of so many bytes fits into a frame, and is soon sent: what is more urgent need not wait long behind it.
const MOST_BYTES_OF_A_RUN = 1024 ** 2;

const MISSING = 0;
const ASKED = 1;
const HERE = 2;
/** Will be there when another one is, or may be there already. */
const PUT_OFF = 3;

/** Which chunks of a content are here, which were asked for, and which are still to be asked for. */
export class MissingChunks {
  readonly #list: Chunks;
  readonly #states: Uint8Array;
  /** How many there are to be asked for or put off by now. */
  #count = 0;
  #left = 0;
  /** All before it are asked for or here. */
  #next = 0;

  /** @param most how many chunks the list may come to have. None of them is missing before it is said to {@link grow} */
  constructor(list: Chunks, most: number = list.count) {
    this.#list = list;
    this.#states = new Uint8Array(most);
  }

  /** The first ones of the list count, and may be asked for where they are not here. */
  grow(count: number): void {
    this.#left += count - this.#count;
    this.#count = count;
  }

  /** How many count. */
  get count(): number {
    return this.#count;
  }

  /** Are all here that there are? */
  get isWhole(): boolean {
    return this.#left === 0 && this.#count === this.#list.count;
  }

  isHere(index: number): boolean {
    return this.#states[index] === HERE;
  }

  /** It is here. */
  have(index: number): void {
    if (this.#states[index] !== HERE) this.#left -= 1;
    this.#states[index] = HERE;
  }

  /** It need not be asked for now: it comes with another one of the same bytes, or is here, as far as is known. */
  putOff(index: number): void {
    this.#states[index] = PUT_OFF;
  }

  isMissing(index: number): boolean {
    return this.#states[index] === MISSING;
  }

  /** One that was put off has to be asked for after all. */
  demand(index: number): void {
    this.#states[index] = MISSING;
    this.#next = Math.min(this.#next, index);
  }

  /** What was asked for will not come: what of it is not here has to be asked for again. */
  giveBack({ first, count }: Run): void {
    for (let index = first; index < first + count; index += 1) {
      if (this.#states[index] !== ASKED) continue;
      this.#states[index] = MISSING;
      this.#next = Math.min(this.#next, index);
    }
  }

  /** Is there anything to be asked for? */
  get isLacking(): boolean {
    while (this.#next < this.#count && this.#states[this.#next] !== MISSING) this.#next += 1;
    return this.#next < this.#count;
  }

  /** The next chunks to be asked for; they count as asked for from now on. `undefined` when there are none. */
  take(): Run | undefined {
    if (!this.isLacking) return undefined;
    const first = this.#next;
    let bytes = 0;
    let end = first;
    for (; end < this.#count && this.#states[end] === MISSING; end += 1) {
      const size = this.#list.sizeOf(end);
      if (end > first && bytes + size > MOST_BYTES_OF_A_RUN) break;
      bytes += size;
      this.#states[end] = ASKED;
    }
    this.#next = end;
    return { first, count: end - first, bytes };
  }
}
