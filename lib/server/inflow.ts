import type { Socket } from 'node:net';
import { receivingSocket } from '../base/receiving-socket.ts';
import { assertEnded } from './assert-ended.ts';
import { Rooms } from './rooms.ts';
import { ServerError } from './server-error.ts';

// For less than this two rooms would cost more than they save.
const SMALL_BYTES = 64 * 1024;
// So much may wait for somebody to take it.
const MOST_BYTES = 256 * 1024;

/**
 * What comes over a connection, in pieces as large as they have grown while somebody was busy with the one before.
 *
 * Node by itself asks the system for 64 KiB of memory at each read, and gives them back: half of the work of an upload. So as
 * soon as more than a little has come, it is received into buffers of ours, where there is a way; see {@link receivingSocket}.
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
    if (this.#isLarge) this.#move(this.#socket);
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
  #move(accepted: Socket): void {
    const rooms = new Rooms();
    const onread = { buffer: () => rooms.space, callback: (bytes: number) => this.#onFilled(rooms, bytes) };
    const socket = receivingSocket(accepted, { onread, allowHalfOpen: true });
    if (socket === undefined) return;
    this.#rooms = rooms;
    this.#socket = socket;
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
