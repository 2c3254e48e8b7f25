import { HEADER_BYTES } from './message-types.ts';

// From there on one more part costs less than a copy.
const LEAST_OWN_PART = 2048;

// Most messages are small, and those of many entries are long: each buffer is twice the one before, up to what a socket takes.
const FIRST_BUFFER = 256;
const LARGEST_BUFFER = 64 * 1024;

// Its length goes into two bytes, and no letter takes less than one.
const LONGEST_TEXT_UNITS = 0xffff;

/**
 * Puts the frame of a message together, field by field; long bytes are handed on and not copied.
 *
 * The methods give the writer back, so that the fields of a message stand in one line.
 */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #header: Buffer;
  #buffer: Buffer = Buffer.allocUnsafe(FIRST_BUFFER);
  /** What is before it in the buffer is among the parts. */
  #from = 0;
  #at = HEADER_BYTES;
  /** Bytes of the parts. */
  #closed = 0;

  constructor() {
    this.#header = this.#buffer;
  }

  u8(value: number): this {
    const at = this.#room(1);
    this.#buffer[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#room(2);
    this.#buffer.writeUInt16BE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#room(4);
    this.#buffer.writeUInt32BE(value, at);
    return this;
  }

  /** @throws RangeError for what is no whole number from 0 to 2^53 - 1 */
  number(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} cannot be told to a peer`);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.u8((rest % 0x80) | 0x80);
    return this.u8(rest);
  }

  yesOrNo(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** As many bytes as there are pairs of digits. @throws RangeError where they are no digits, or not so many bytes */
  hex(digits: string, length: number): this {
    const at = this.#room(length);
    const written = this.#buffer.write(digits, at, length, 'hex');
    if (written !== length || digits.length !== 2 * length) throw new RangeError(`${digits} are not ${length} bytes`);
    return this;
  }

  /** Its length in two bytes, then the text in UTF-8. */
  text(text: string): this {
    if (text.length > LONGEST_TEXT_UNITS) throw new RangeError('A text is too long to be told to a peer');
    // A letter takes at most three bytes; what it did not take is given back.
    const at = this.#room(2 + 3 * text.length);
    const length = this.#buffer.write(text, at + 2, 'utf8');
    this.#at = at + 2 + length;
    this.#buffer.writeUInt16BE(length, at);
    return this;
  }

  /** The bytes as they are; they must not be changed before they are sent. */
  bytes(bytes: Uint8Array): this {
    if (bytes.length < LEAST_OWN_PART) {
      const at = this.#room(bytes.length);
      this.#buffer.set(bytes, at);
      return this;
    }
    this.#close();
    this.#add(bytes);
    return this;
  }

  /**
   * The whole frame.
   *
   * @throws RangeError where the body has more than `most` bytes
   */
  frame(type: number, most: number): readonly Uint8Array[] {
    this.#close();
    const length = this.#closed - HEADER_BYTES;
    if (length > most) throw new RangeError(`A message of ${length} bytes cannot be told to a peer`);
    this.#header.writeUInt32BE(length, 0);
    this.#header[4] = type;
    this.#header[5] = 0;
    return this.#parts;
  }

  /** @returns where in the buffer there is room for so many bytes, which are taken */
  #room(bytes: number): number {
    if (this.#at + bytes > this.#buffer.length) {
      this.#close();
      const size = Math.max(bytes, Math.min(2 * this.#buffer.length, LARGEST_BUFFER));
      this.#buffer = Buffer.allocUnsafe(size);
      this.#from = 0;
      this.#at = 0;
    }
    const at = this.#at;
    this.#at += bytes;
    return at;
  }

  #close(): void {
    if (this.#at > this.#from) this.#add(this.#buffer.subarray(this.#from, this.#at));
    this.#from = this.#at;
  }

  #add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#closed += part.length;
  }
}
