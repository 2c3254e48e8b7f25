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

  /**
   * Let a chunk through: at once where nothing limits it, else in pieces, each when it may go.
   *
   * @param move takes a piece on; the next one waits for it
   */
  async passOn(chunk: Buffer, move: (piece: Buffer) => Promise<void>): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const size = this.#pieceSize;
      const piece = at === 0 && chunk.length <= size ? chunk : chunk.subarray(at, at + size);
      if (size !== Number.POSITIVE_INFINITY) await this.#pay(piece.length);
      this.#movedBytes += piece.length;
      await move(piece);
      at += piece.length;
    }
  }

  async #pay(bytes: number): Promise<void> {
    for (const limit of this.#limits) await limit.take(bytes, this.#signal());
  }

  get #pieceSize(): number {
    return this.#limits.reduce((least, { pieceSize }) => Math.min(least, pieceSize), Number.POSITIVE_INFINITY);
  }
}
