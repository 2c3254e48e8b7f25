import type { Socket } from 'node:net';
import { TransferError } from '../transfer/transfer-error.ts';
import type { Pump } from './exchange.ts';
import type { Limiter } from './limiter.ts';

// Written at one go: pieces come in 64 KiB, and to write each by itself costs a third of the speed.
const WRITE_BYTES = 1024 * 1024;
// While so much is being written, as much may come; then the sender waits.
const MOST_WAITING = 2 * WRITE_BYTES;
// On a slow line what has come is written as often as this, so that a process that is killed loses little of it.
const WRITE_MS = 100;
// As often as for uploads: fast enough for an eye, and dear with many workers.
const TELL_MS = 250;

/** Where content goes that is received. */
export interface ContentSink {
  /**
   * Take what comes next. It is not called again before this is fulfilled.
   *
   * @throws what keeps it from taking more; what it took before stays as it is
   */
  write(pieces: readonly Buffer[]): Promise<void> | undefined;
}

/** What a {@link Reception} works with. */
export interface ReceptionOptions {
  readonly sink: ContentSink;
  readonly limiter: Limiter;
  /** The longest that nothing comes, in milliseconds. */
  readonly timeoutMs: number;
  /** Told now and then how many bytes have come. */
  readonly onBytes: (bytes: number) => void;
}

/** Brings what comes over a data connection into a sink, as fast as that takes it. */
export class Reception implements Pump {
  readonly #options: ReceptionOptions;
  #socket: Socket | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #hasEnded = false;
  #isWriting = false;
  #isHeldUp = false;
  #wroteAt = 0;
  #toldAt = 0;
  #failure: Error | undefined;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #onIdle: () => void = () => undefined;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  /** Why the sink took no more. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** How many bytes have come. */
  get bytes(): number {
    return this.#bytes;
  }

  run(socket: Socket): Promise<void> {
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      // The server may have sent the end of an empty file, or broken off, before it said that the transfer begins.
      if (socket.readableEnded) {
        this.#done();
        return;
      }
      if (socket.destroyed) reject(brokenData());
      this.#watch(socket);
      socket.on('data', (chunk: Buffer) => this.#take(chunk));
      socket.once('end', () => {
        this.#hasEnded = true;
        this.#writeMore();
      });
      socket.once('close', () => {
        if (!this.#hasEnded) reject(brokenData());
      });
    });
  }

  stop(): void {
    this.#socket?.pause();
  }

  /** Write what has come, also after it broke off: the next try goes on behind it. */
  async flush(): Promise<void> {
    while (this.#isWriting) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    if (this.#failure === undefined && this.#waiting.length > 0) await this.#options.sink.write(this.#takeWaiting());
  }

  /** Only time counts in which the server could have sent something. */
  #watch(socket: Socket): void {
    const { timeoutMs } = this.#options;
    socket.setTimeout(timeoutMs).on('timeout', () => {
      if (socket.isPaused() || this.#hasEnded) socket.setTimeout(timeoutMs);
      else this.#reject(new TransferError('E_TIMEOUT', `Nothing came for ${timeoutMs / 1000} s`, { retry: true }));
    });
  }

  #take(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    this.#bytes += chunk.length;
    this.#tell();
    const held = this.#options.limiter.receive(chunk.length);
    if (held !== undefined) this.#holdUp(held);
    this.#writeMore();
    this.#goOnOrWait();
  }

  #holdUp(held: Promise<void>): void {
    this.#isHeldUp = true;
    void held.then(() => {
      this.#isHeldUp = false;
      this.#goOnOrWait();
    });
  }

  #goOnOrWait(): void {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    const waits = this.#isHeldUp || this.#waitingBytes >= MOST_WAITING;
    if (waits && !socket.isPaused()) socket.pause();
    else if (!waits && socket.isPaused()) {
      // The server learns that there is room again only with its next question: a whole timeout from now.
      socket.setTimeout(this.#options.timeoutMs);
      socket.resume();
    }
  }

  #writeMore(): void {
    if (this.#isWriting || this.#failure) return;
    if (this.#waitingBytes === 0) {
      if (this.#hasEnded) this.#done();
      return;
    }
    const isEnough =
      this.#waitingBytes >= WRITE_BYTES || this.#hasEnded || performance.now() - this.#wroteAt > WRITE_MS;
    if (!isEnough) return;
    this.#isWriting = true;
    this.#wroteAt = performance.now();
    void this.#write();
  }

  async #write(): Promise<void> {
    try {
      await this.#options.sink.write(this.#takeWaiting());
    } catch (error) {
      this.#failure = error as Error;
    }
    this.#isWriting = false;
    this.#onIdle();
    if (this.#failure) {
      this.#reject(this.#failure);
      return;
    }
    this.#goOnOrWait();
    this.#writeMore();
  }

  #takeWaiting(): readonly Buffer[] {
    const pieces = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return pieces;
  }

  #done(): void {
    this.#options.onBytes(this.#bytes);
    this.#resolve();
  }

  #tell(): void {
    const now = performance.now();
    if (now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    this.#options.onBytes(this.#bytes);
  }
}

function brokenData(): TransferError {
  return new TransferError('E_LOST', 'The data connection broke', { retry: true });
}
