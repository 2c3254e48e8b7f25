import { Socket, type SocketConstructorOpts } from 'node:net';
import { assertEnded } from './assert-ended.ts';
import { Rooms } from './rooms.ts';
import { ServerError } from './server-error.ts';

// For less than this two rooms would cost more than they save.
const SMALL_BYTES = 64 * 1024;
// So much may wait for somebody to take it.
const MOST_BYTES = 256 * 1024;

/** What Node's Socket keeps of the system's connection, and takes as an option: not documented. */
interface WithHandle {
  _handle?: object | null;
}

/**
 * What comes over a connection, in pieces as large as they have grown while somebody was busy with the one before.
 *
 * Node by itself asks the system for 64 KiB of memory at each read, and gives them back: half of the work of an upload. It
 * can receive into buffers of ours (`onread`), but only over a connection that it makes, not over one that it accepts. So as
 * soon as more than a little has come, the handle of that one is given to a socket that is made for it. Over TLS there is no
 * such way.
 */
export class Inflow {
  readonly #onSocket: (socket: Socket) => void;
  #socket: Socket;
  /** As Node gives them. */
  #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #receivedBytes = 0;
  #rooms: Rooms | undefined;
  #hasEnded = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  /**
   * @param accepted of which nothing was read
   * @param onSocket told of the one that is to be used in its place from then on
   */
  constructor(accepted: Socket, onSocket: (socket: Socket) => void) {
    this.#socket = accepted;
    this.#onSocket = onSocket;
    accepted.on('data', this.#onData);
    this.#listenTo(accepted);
  }

  /**
   * The next piece of all that comes, good until the one behind it is asked for; `undefined` at the end.
   *
   * @throws ServerError E_ABORTED, or the error of the connection, when that breaks; what came before is given out first
   */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = this.#taken();
      if (piece !== undefined) return piece;
      if (this.#hasEnded) {
        await assertEnded(this.#socket);
        return undefined;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#socket.closed) throw new ServerError('E_ABORTED', 'Transfer aborted');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #taken(): Buffer | undefined {
    if (this.#isLarge && canMove(this.#socket)) this.#move(this.#socket);
    const [first, ...more] = this.#chunks;
    const piece = more.length === 0 ? (first ?? this.#rooms?.next()) : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#waitingBytes = 0;
    if (this.#socket.isPaused() && this.#rooms?.isFree !== false) this.#socket.resume();
    return piece;
  }

  get #isLarge(): boolean {
    return this.#rooms === undefined && this.#receivedBytes >= SMALL_BYTES && !this.#hasEnded;
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#receivedBytes += chunk.length;
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= MOST_BYTES) this.#socket.pause();
    this.#wake();
  };

  /** Go on with a socket that receives into rooms. */
  #move(accepted: Socket & WithHandle): void {
    const rooms = new Rooms();
    const handle = accepted._handle;
    accepted._handle = null;
    const onread = { buffer: () => rooms.space, callback: (bytes: number) => this.#onFilled(rooms, bytes) };
    this.#rooms = rooms;
    this.#socket = new Socket({ handle, onread, allowHalfOpen: true } as SocketConstructorOpts);
    this.#onSocket(this.#socket);
    this.#listenTo(this.#socket);
    // What the other one had received and not told yet.
    for (let rest = accepted.off('data', this.#onData).read(); rest !== null; rest = accepted.read())
      this.#chunks.push(rest);
  }

  /** @returns whether there is room for more */
  #onFilled(rooms: Rooms, bytes: number): boolean {
    rooms.fill(bytes);
    this.#wake();
    if (rooms.isFree) return true;
    this.#socket.pause();
    return false;
  }

  #listenTo(socket: Socket): void {
    socket.on('end', () => {
      this.#hasEnded = true;
      this.#wake();
    });
    socket.on('error', (error) => (this.#failure = error));
    socket.on('close', () => this.#wake());
    socket.resume();
  }
}

function canMove(socket: Socket & WithHandle): boolean {
  return Object.getPrototypeOf(socket) === Socket.prototype && !socket.destroyed && Boolean(socket._handle);
}
