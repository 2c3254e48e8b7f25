import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TransferError } from '../transfer/transfer-error.ts';
import { afterHandshake } from './after-handshake.ts';
import type { Pump } from './exchange.ts';
import type { Limiter } from './limiter.ts';

/** What a {@link Sendoff} works with. */
export interface SendoffOptions {
  readonly content: AsyncIterable<Buffer>;
  readonly limiter: Limiter;
  /** The longest that the server takes nothing, in milliseconds. */
  readonly timeoutMs: number;
  /** Told with each piece how many bytes have been handed over. */
  readonly onBytes: (bytes: number) => void;
}

/** Sends content over a data connection, as fast as the server takes it. */
export class Sendoff implements Pump {
  readonly #options: SendoffOptions;
  #failure: Error | undefined;
  #isStopped = false;

  constructor(options: SendoffOptions) {
    this.#options = options;
  }

  /** Why the content could not be read to its end. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  async run(socket: Socket): Promise<void> {
    const { limiter, timeoutMs } = this.#options;
    let isLate = false;
    socket.setTimeout(timeoutMs).on('timeout', () => {
      // With nothing to send it is not the server who is waited for.
      if (socket.writableLength === 0) return;
      isLate = true;
      socket.destroy();
    });
    const content = limiter.content(Readable.from(this.#counted(), { objectMode: false }));
    try {
      await pipeline(
        afterHandshake(content, () => socket),
        socket,
      );
    } catch (cause) {
      const late = `The server took nothing for ${timeoutMs / 1000} s`;
      if (isLate) throw new TransferError('E_TIMEOUT', late, { retry: true, cause });
      throw new TransferError('E_LOST', 'The data connection broke', { retry: true, cause });
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  async *#counted(): AsyncGenerator<Buffer> {
    const { content, onBytes } = this.#options;
    let bytes = 0;
    try {
      for await (const piece of content) {
        if (this.#isStopped) return;
        yield piece;
        bytes += piece.length;
        onBytes(bytes);
      }
    } catch (error) {
      this.#failure = error as Error;
      throw error;
    }
  }
}
