import type { TokenBucket } from '../base/token-bucket.ts';

/** How fast one transfer may go: as the slowest of some limits lets it, each as it is at that moment. */
export class Pace {
  readonly #limits: readonly TokenBucket[];
  readonly #signal: AbortSignal;
  #movedBytes = 0;

  /** @param signal holds nobody up any more: the transfer is broken off */
  constructor(limits: readonly TokenBucket[], signal: AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
  }

  /** What it has let through so far. */
  get movedBytes(): number {
    return this.#movedBytes;
  }

  /** The same content, no faster than it may go. */
  async *hold(content: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    for await (const part of content) {
      const chunk = typeof part === 'string' ? Buffer.from(part) : part;
      for (let at = 0; at < chunk.length; ) {
        const piece = at === 0 && chunk.length <= this.#pieceSize ? chunk : chunk.subarray(at, at + this.#pieceSize);
        if (this.#pieceSize !== Number.POSITIVE_INFINITY) await this.#pay(piece.length);
        at += piece.length;
        this.#movedBytes += piece.length;
        yield piece;
      }
    }
  }

  get #pieceSize(): number {
    return this.#limits.reduce((least, { pieceSize }) => Math.min(least, pieceSize), Number.POSITIVE_INFINITY);
  }

  async #pay(bytes: number): Promise<void> {
    for (const limit of this.#limits) await limit.take(bytes, this.#signal);
  }
}
