/** Memory for some bytes, for a while. */
export interface Lent {
  readonly bytes: Buffer;
  /** Nobody needs them any more. Saying so is not a must, and saying it twice is harmless. */
  readonly release: () => void;
}

/**
 * Buffers that are used again. A new one for each message of a megabyte would have the system clear that memory first, and the
 * garbage collector look for it afterwards: a third of all the work of a transfer.
 */
export class SpareBuffers {
  readonly #bytes: number;
  readonly #most: number;
  readonly #spare: Buffer[] = [];

  /**
   * @param bytes of each
   * @param most so many are kept; of more at the same time the others are left to the garbage collector
   */
  constructor(bytes: number, most: number) {
    this.#bytes = bytes;
    this.#most = most;
  }

  /** Memory that is nobody else's until it is given back. @throws RangeError for more bytes than one has */
  lend(bytes: number): Lent {
    if (bytes > this.#bytes) throw new RangeError(`${bytes} bytes, where there are at most ${this.#bytes}`);
    let buffer: Buffer | undefined = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#bytes);
    return {
      bytes: buffer.subarray(0, bytes),
      release: () => {
        if (buffer !== undefined && this.#spare.length < this.#most) this.#spare.push(buffer);
        buffer = undefined;
      },
    };
  }
}
