import type { Socket } from 'node:net';
import { parseRequest, type Request, type RequestLine, RequestReader } from '../ftp/request.ts';

/** What has come over a control connection: a command, or why a line is none. */
export type QueuedRequest = ({ readonly kind: 'request' } & Request) | Exclude<RequestLine, { readonly kind: 'line' }>;

/** Who is told what cannot wait for its turn. */
export interface RequestListeners {
  /**
   * A command is there, ahead of all that waits.
   *
   * @param isNext nothing waits before it
   * @returns whether it is dealt with, and need not wait any more
   */
  readonly onArrival: (request: Request, isNext: boolean) => boolean;
  /** What came could not be taken in, by a fault of ours. */
  readonly onFault: (error: unknown) => void;
}

/**
 * The command lines of a control connection, one after the other.
 *
 * Clients may send as many as they like at once; so many are taken in, then the socket is left unread until some are
 * answered.
 */
export class RequestQueue {
  readonly #socket: Socket;
  readonly #mostLines: number;
  readonly #listeners: RequestListeners;
  readonly #reader = new RequestReader();
  readonly #queue: QueuedRequest[] = [];
  /** The client will send no more. */
  #hasEnded = false;
  /** Nobody wants to know what it sends. */
  #isStopped = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, mostLines: number, listeners: RequestListeners) {
    this.#socket = socket;
    this.#mostLines = mostLines;
    this.#listeners = listeners;
    socket.on('data', this.#onData);
    socket.once('end', () => this.#end());
    socket.once('close', () => this.stop());
  }

  /** Has the client hung up? What it sent before is still worked on. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Is there an ABOR among those that wait? */
  get hasAbort(): boolean {
    return this.#queue.some(isAbort);
  }

  /** The next one; `undefined` when there will be none any more. */
  async next(): Promise<QueuedRequest | undefined> {
    if (this.#queue.length === 0 && !this.#hasEnded) await new Promise<void>((resolve) => (this.#wake = resolve));
    const request = this.#queue.shift();
    this.#fill();
    return request;
  }

  /** Leave the connection unread from here on. @returns whether nothing has come that was not asked for */
  release(): boolean {
    const isEmpty = this.#queue.length === 0 && this.#reader.waiting === 0;
    this.stop();
    this.#socket.off('data', this.#onData).pause();
    return isEmpty;
  }

  /** Forget what waits, and take in nothing more. */
  stop(): void {
    this.#isStopped = true;
    this.#queue.length = 0;
    this.#end();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isStopped) return;
    try {
      this.#reader.push(chunk);
      this.#fill();
    } catch (error) {
      this.#listeners.onFault(error);
    }
  };

  #end(): void {
    this.#hasEnded = true;
    this.#wakeUp();
  }

  #fill(): void {
    while (!this.#isFull && !this.#isStopped) {
      const line = this.#reader.next();
      if (line === undefined) break;
      const request = requestOf(line);
      const isDone = request.kind === 'request' && this.#listeners.onArrival(request, this.#queue.length === 0);
      if (!isDone) this.#queue.push(request);
    }
    if (this.#isFull) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
    if (this.#queue.length > 0) this.#wakeUp();
  }

  get #isFull(): boolean {
    return this.#queue.length >= this.#mostLines;
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

function requestOf(line: RequestLine): QueuedRequest {
  if (line.kind !== 'line') return line;
  const { verb, argument } = parseRequest(line.text);
  return { kind: 'request', verb, argument };
}

function isAbort(request: QueuedRequest): boolean {
  return request.kind === 'request' && request.verb === 'ABOR';
}
