import { wireLimits } from './limits.ts';
import { notAllowed } from './wire-error.ts';

/**
 * Takes the fields out of the body of a message, one after the other.
 *
 * Each method throws a WireError, E_PROTOCOL, where the bytes end before the field does, or are none.
 */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes that were not taken yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw endsEarly();
    this.#at += 1;
    return value;
  }

  u16(): number {
    return this.u8() * 2 ** 8 + this.u8();
  }

  u32(): number {
    const at = this.#take(4);
    return this.#bytes.readUInt32BE(at);
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first; all but the last have their highest bit set. */
  number(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.u8();
      value += (byte & 0x7f) * unit;
      if (value > wireLimits.number) throw notAllowed('A number is above 2^53 - 1');
      if (byte < 0x80) {
        // One number, one form: otherwise equal messages could differ.
        if (byte === 0 && unit > 1) throw notAllowed('A number is longer than it needs to be');
        return value;
      }
      unit *= 0x80;
      // Eight bytes hold 56 bits: no number needs more.
      if (unit > 2 ** 49) throw notAllowed('A number is above 2^53 - 1');
    }
  }

  /** 0 or 1. */
  yesOrNo(): boolean {
    const value = this.u8();
    if (value > 1) throw notAllowed('What is to be 0 or 1 is neither');
    return value === 1;
  }

  /** Bytes of which there must be so many; a view. */
  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, this.#at);
  }

  /** Bytes of which there must be so many, as hexadecimal digits. */
  hex(length: number): string {
    const at = this.#take(length);
    return this.#bytes.toString('hex', at, this.#at);
  }

  /** All that is left; a view. */
  rest(): Buffer {
    return this.bytes(this.left);
  }

  /** Nothing may be left. */
  end(): void {
    if (this.left > 0) throw notAllowed('A message goes on behind its last field');
  }

  /** @returns where they begin */
  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw endsEarly();
    this.#at = at + length;
    return at;
  }
}

function endsEarly(): Error {
  return notAllowed('A message ends before its last field');
}
