import type { TokenBucket } from '../base/token-bucket.ts';

/** How fast one transfer may go: as the slowest of some limits lets it, each as it is at that moment. */
export class Pace {
  readonly #limits: readonly TokenBucket[];
  readonly #signal: () => AbortSignal;
  #movedBytes = 0;

  /** @param signal asked for when somebody has to wait; behind it nobody is held up any more: the transfer is broken off */
  constructor(limits: readonly TokenBucket[], signal: () => AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
  }

  /** What it has let through so far. */
  get movedBytes(): number {
    return this.#movedBytes;
  }

  /** The pieces of a chunk that may go at one time each: all of it where nothing limits them. */
  *pieces(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; at < chunk.length; ) {
      const size = this.#pieceSize;
      const piece = at === 0 && chunk.length <= size ? chunk : chunk.subarray(at, at + size);
      at += piece.length;
      yield piece;
    }
  }

  /** Wait until a piece may go. */
  async pay(bytes: number): Promise<void> {
    if (this.#pieceSize !== Number.POSITIVE_INFINITY) {
      for (const limit of this.#limits) await limit.take(bytes, this.#signal());
    }
    this.#movedBytes += bytes;
  }

  get #pieceSize(): number {
    return this.#limits.reduce((least, { pieceSize }) => Math.min(least, pieceSize), Number.POSITIVE_INFINITY);
  }
}
