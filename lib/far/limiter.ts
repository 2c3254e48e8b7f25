import { Readable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { rateAt } from '../base/timetable.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { HeadCountReader } from './head-count.ts';
import type { Limits } from './transfer-jobs.ts';

// Timers wake some milliseconds late, more on a busy machine; a tenth of a second makes up for that.
const BURST_MS = 100;

/** Holds one worker to its share of what all of them together may do: each that works has the same. */
export class Limiter {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #working: HeadCountReader | undefined;
  readonly #bytes: TokenBucket;
  readonly #commands: TokenBucket;

  /** @param signal holds nobody up any more: what is under way is broken off */
  constructor(limits: Limits, clock: Clock, signal?: AbortSignal) {
    this.#limits = limits;
    this.#clock = clock;
    const { workers, commandsPerSecond = Number.POSITIVE_INFINITY } = limits;
    this.#working = workers && new HeadCountReader(workers.file, workers.most);
    this.#bytes = new TokenBucket(() => this.#bandwidth() / this.#workers(), clock, BURST_MS, signal);
    this.#commands = new TokenBucket(() => commandsPerSecond / this.#workers(), clock, 0, signal);
  }

  /** Wait until commands may be sent. */
  async commands(count: number): Promise<void> {
    if (this.#limits.commandsPerSecond !== undefined) await this.#commands.take(count);
  }

  /** The same content, no faster than it may go. */
  content(source: Readable): Readable {
    if (this.#limits.bandwidth === undefined) return source;
    return Readable.from(this.#paced(source), { objectMode: false });
  }

  /** Content has come: when more may come, or `undefined` for at once. */
  receive(bytes: number): Promise<void> | undefined {
    return this.#limits.bandwidth === undefined ? undefined : this.#receive(bytes);
  }

  /** Closing twice is harmless. */
  close(): void {
    this.#working?.close();
  }

  /** Taken are the bytes at once; what waits is the next taker. */
  async #receive(bytes: number): Promise<void> {
    await this.#bytes.take(bytes);
    await this.#bytes.take(0);
  }

  async *#paced(source: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + this.#bytes.pieceSize);
        await this.#bytes.take(piece.length);
        yield piece;
        at += piece.length;
      }
    }
  }

  #bandwidth(): number {
    return rateAt(this.#limits.bandwidth ?? [], this.#clock.now());
  }

  #workers(): number {
    return this.#working?.read() ?? 1;
  }
}
