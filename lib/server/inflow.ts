import { Socket, type SocketConstructorOpts } from 'node:net';
import { assertEnded } from './assert-ended.ts';
import { ServerError } from './server-error.ts';

// As much as a read gives when Node asks for memory itself. Whatever is smaller in all comes by way of this one, for all
// connections: it is copied before anybody else's is received.
const SHARED = Buffer.allocUnsafeSlow(64 * 1024);

// There are two of them. A slow disk gets pieces of up to this size; with larger ones little would be gained.
const ROOM_BYTES = 512 * 1024;
// With less left than this the other one is begun.
const LEAST_BYTES = 64 * 1024;

/** What Node's Socket keeps of the system's connection, and takes as an option: not documented. */
interface WithHandle {
  _handle?: object | null;
}

/** A part of a buffer that has been received. */
interface Piece {
  readonly buffer: Buffer;
  readonly start: number;
  end: number;
}

/** Can what comes over it be received by an {@link Inflow}? Over TLS it cannot. */
export function canFlowIn(socket: Socket & WithHandle): boolean {
  return Object.getPrototypeOf(socket) === Socket.prototype && !socket.destroyed && Boolean(socket._handle);
}

/**
 * What comes over a connection, received into two buffers that take turns.
 *
 * Node by itself asks the system for 64 KiB of memory at each read, and gives them back: half of the work of an upload. It
 * can receive into buffers of ours (`onread`), but only over a connection that it makes, not over one that it accepts. So the
 * handle of that one is given to a socket that is made for it.
 */
export class Inflow implements AsyncIterable<Buffer> {
  /** To be used in place of the one that was accepted. */
  readonly socket: Socket;
  readonly #pieces: Piece[] = [];
  /** The one that somebody works with. */
  #held: Piece | undefined;
  /** Where the next bytes go; the shared buffer until there are more of them. */
  #filling = SHARED;
  #filled = 0;
  #other = SHARED;
  #sharedBytes = 0;
  #isPaused = false;
  #hasEnded = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  /** @param accepted of which nothing was read; it is not to be used any more */
  constructor(accepted: Socket & WithHandle) {
    const handle = accepted._handle;
    accepted._handle = null;
    const onread = {
      buffer: () => this.#filling.subarray(this.#filled),
      callback: (bytes: number) => this.#take(bytes),
    };
    this.socket = new Socket({ handle, onread, allowHalfOpen: true } as SocketConstructorOpts);
    this.socket.once('error', (error) => (this.#failure = error));
    this.socket.once('close', () => this.#wake());
    this.socket.once('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    this.socket.resume();
  }

  /**
   * All that comes, in pieces as large as they have grown while somebody was busy with the one before. A piece is good until
   * the next one is asked for.
   *
   * @throws ServerError E_ABORTED, or the error of the connection, when that breaks; what came before is given out first
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      this.#held = this.#pieces.shift();
      this.#goOn();
      if (this.#held !== undefined) yield this.#held.buffer.subarray(this.#held.start, this.#held.end);
      else if (this.#hasEnded) return assertEnded(this.socket);
      else if (this.#failure !== undefined) throw this.#failure;
      else if (this.socket.closed) throw new ServerError('E_ABORTED', 'Transfer aborted');
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** @returns whether there is room for more */
  #take(bytes: number): boolean {
    if (this.#filling === SHARED) this.#copy(bytes);
    else this.#keep(bytes);
    this.#isPaused = !this.#hasRoom;
    this.#wake();
    return !this.#isPaused;
  }

  #copy(bytes: number): void {
    this.#pieces.push({ buffer: Buffer.from(SHARED.subarray(0, bytes)), start: 0, end: bytes });
    this.#sharedBytes += bytes;
    if (this.#sharedBytes < SHARED.length) return;
    this.#filling = Buffer.allocUnsafeSlow(ROOM_BYTES);
    this.#other = Buffer.allocUnsafeSlow(ROOM_BYTES);
  }

  #keep(bytes: number): void {
    const [buffer, start] = [this.#filling, this.#filled];
    this.#filled += bytes;
    const last = this.#pieces.at(-1);
    if (last?.buffer === buffer && last.end === start) last.end = this.#filled;
    else this.#pieces.push({ buffer, start, end: this.#filled });
    if (buffer.length - this.#filled >= LEAST_BYTES) return;
    [this.#filling, this.#other] = [this.#other, buffer];
    this.#filled = 0;
  }

  /** What was received behind a piece of the same buffer does it no harm; what is begun anew would. */
  get #hasRoom(): boolean {
    const buffer = this.#filling;
    return (
      this.#filled > 0 || (this.#held?.buffer !== buffer && this.#pieces.every((piece) => piece.buffer !== buffer))
    );
  }

  #goOn(): void {
    if (!this.#isPaused || !this.#hasRoom) return;
    this.#isPaused = false;
    this.socket.resume();
  }
}
