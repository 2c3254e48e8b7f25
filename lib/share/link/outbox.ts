import type { Socket } from 'node:net';
import { encodeMessage } from '../wire/encode-message.ts';
import type { Message } from '../wire/message.ts';

/** So many bytes wait in the socket at most: what is said next waits behind no more than them and one message. */
const MOST_IN_SOCKET = 1024 * 1024;

/** A backlog below that is small: it keeps the line busy for as long as it takes to prepare more. */
const SMALL_BACKLOG = 1024 * 1024;

/** A message as bytes. */
interface Frame {
  readonly parts: readonly Uint8Array[];
  readonly size: number;
  /** The system has taken them. */
  readonly release?: (() => void) | undefined;
}

/** What waits to be sent to a peer. Contents of files wait for everything else. */
export class Outbox {
  readonly #socket: Socket;
  readonly #onDrain: () => void;
  #urgent: Frame[] = [];
  #contents: Frame[] = [];
  #waiting = 0;
  #isLarge = false;
  #isOver = false;

  /** @param onDrain the backlog has become small */
  constructor(socket: Socket, onDrain: () => void) {
    this.#socket = socket;
    this.#onDrain = onDrain;
  }

  /** Bytes that wait. */
  get backlog(): number {
    return this.#isOver ? 0 : this.#waiting + this.#socket.writableLength;
  }

  /** Never refused; after the end it is lost. */
  add(message: Message): void {
    if (this.#isOver) return;
    const parts = encodeMessage(message);
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const frame = { parts, size, release: message.kind === 'bytes' ? message.release : undefined };
    (message.kind === 'bytes' ? this.#contents : this.#urgent).push(frame);
    this.#waiting += frame.size;
    this.#flush();
    if (this.backlog >= SMALL_BACKLOG) this.#isLarge = true;
  }

  /** Nothing more is sent. */
  end(): void {
    this.#isOver = true;
    this.#urgent = [];
    this.#contents = [];
    this.#waiting = 0;
  }

  /** All that fits goes to the system in one call. */
  #flush(): void {
    const socket = this.#socket;
    if (this.#isOver || socket.writableLength >= MOST_IN_SOCKET) return;
    let last: Uint8Array | undefined;
    const frames: Frame[] = [];
    socket.cork();
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      frames.push(frame);
      for (const part of frame.parts) {
        if (last !== undefined) socket.write(last);
        last = part;
      }
      // The part that is held back counts as well.
      if (socket.writableLength + (last?.length ?? 0) >= MOST_IN_SOCKET) break;
    }
    // Only the last one tells when the system has taken them all.
    if (last !== undefined) socket.write(last, () => this.#taken(frames));
    socket.uncork();
  }

  #next(): Frame | undefined {
    const frame = this.#urgent.shift() ?? this.#contents.shift();
    this.#waiting -= frame?.size ?? 0;
    return frame;
  }

  #taken(frames: readonly Frame[]): void {
    for (const { release } of frames) release?.();
    if (this.#isOver) return;
    this.#flush();
    if (!this.#isLarge || this.backlog >= SMALL_BACKLOG) return;
    this.#isLarge = false;
    this.#onDrain();
  }
}
