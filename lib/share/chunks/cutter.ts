import type { CutRules } from './cut-rules.ts';
import { gear } from './gear.ts';
import { type Range, scanGear } from './gear-scan.ts';

// The hash moves up by one bit with each byte: of what lies 32 bytes back nothing is left in it.
const WINDOW = 32;

/**
 * Cuts a content into chunks where the content itself says so: a cut depends on the 32 bytes before it and on how far back the
 * cut before it lies. So an insertion moves the cuts behind it along, and all but a few chunks stay what they were.
 *
 * The content may come in pieces of any size; it is cut where it would be in one.
 */
export class Cutter {
  readonly #rules: CutRules;
  readonly #rareMask: number;
  readonly #usualMask: number;
  #hash = 0;
  #length = 0;

  constructor(rules: CutRules) {
    this.#rules = rules;
    const bits = Math.log2(rules.average);
    // Two bits less behind the average make up for the cuts that the minimum does not allow.
    this.#rareMask = upperBits(bits);
    this.#usualMask = upperBits(bits - 2);
  }

  /** Bytes so far of the chunk that has begun. */
  get length(): number {
    return this.#length;
  }

  /**
   * Go on with the content, to where the chunk ends that has begun.
   *
   * @param bytes a piece of the content
   * @param from where in it to begin: at 0, or where the last call for the same piece found a cut
   * @returns where in it the next chunk begins; -1 when the chunk goes on behind the piece
   */
  cut(bytes: Uint8Array, from: number): number {
    const start = from - this.#length;
    const { min, average, max } = this.#rules;
    const end = Math.min(start + max, bytes.length);
    // What lies before the window of the first cut that is allowed has no say in it, and need not be looked at.
    const first = Math.max(from, start + min - WINDOW);
    const allowed = Math.max(first, Math.min(start + min - 1, end));
    const usual = Math.max(allowed, Math.min(start + average - 1, end));
    this.#fill(bytes, first, allowed);
    let next = this.#seek(bytes, { from: allowed, to: usual, mask: this.#rareMask });
    if (next < 0) next = this.#seek(bytes, { from: usual, to: end, mask: this.#usualMask });
    if (next < 0 && end === start + max) next = end;
    this.#length = next < 0 ? bytes.length - start : 0;
    if (next >= 0) this.#hash = 0;
    return next;
  }

  /** @returns behind the first byte where a cut may be; -1 when there is none */
  #seek(bytes: Uint8Array, range: Range): number {
    const { next, hash } = scanGear(bytes, range, this.#hash);
    this.#hash = hash;
    return next;
  }

  #fill(bytes: Uint8Array, from: number, to: number): void {
    let hash = this.#hash;
    for (let at = from; at < to; at += 1) hash = ((hash << 1) + (gear[bytes[at] as number] as number)) | 0;
    this.#hash = hash;
  }
}

/** The lowest bits of the hash come from the last few bytes alone: they say little. */
function upperBits(count: number): number {
  return -1 << (32 - count);
}
