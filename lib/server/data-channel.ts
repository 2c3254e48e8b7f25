import { createServer, isIPv4, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { type PortRange, shuffledPorts } from './passive-ports.ts';
import { ServerError } from './server-error.ts';

/** What a data channel must know of its session. */
export interface DataChannelOptions {
  /** The server's end of the control connection: data connections are awaited on the same address. */
  readonly localAddress: string;
  /** The client's end: nobody else may connect (RFC 2577 section 4). */
  readonly remoteAddress: string;
  readonly ports: PortRange | undefined;
  readonly clock: Clock;
  /** How long a transfer waits for its connection, in milliseconds. */
  readonly waitMs: number;
  /** Told of everybody who was sent away. */
  readonly onStranger: (remoteAddress: string | undefined) => void;
}

/** The one data connection that a session may have at a time (RFC 959 section 3.2). */
export class DataChannel {
  readonly #options: DataChannelOptions;
  #listener: Server | undefined;
  #socket: Socket | undefined;
  #onSocket: (() => void) | undefined;

  constructor(options: DataChannelOptions) {
    this.#options = options;
  }

  /** Is the client's end an IPv4 address? */
  get isIPv4(): boolean {
    return isIPv4(this.#options.remoteAddress);
  }

  /** The server's end, for 227. */
  get localAddress(): string {
    return this.#options.localAddress;
  }

  /** Make sure that the client has asked for a data connection: without, E_NO_DATA. */
  mustBePrepared(): void {
    if (this.#listener !== undefined || this.#socket !== undefined) return;
    throw new ServerError('E_NO_DATA', 'Send PASV or EPSV first');
  }

  /**
   * Wait for the client on a port of its own, in place of what was prepared before.
   *
   * @returns the port
   * @throws ServerError E_NO_DATA when no port is free
   */
  async listen(): Promise<number> {
    this.close();
    // Half open: a client that has nothing to say may close its half and still wants all of the data.
    const listener = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
      this.#accept(socket, listener),
    );
    this.#listener = listener;
    const port = await listenOnOneOf(listener, this.#options.localAddress, shuffledPorts(this.#options.ports));
    if (port === undefined) {
      this.close();
      throw new ServerError('E_NO_DATA', 'No port is free for a data connection, try again later');
    }
    listener.on('error', () => this.#forget(listener));
    return port;
  }

  /**
   * The client's connection, unread until somebody reads it; it belongs to the caller now.
   *
   * @throws ServerError E_NO_DATA when it does not come in time; E_ABORTED
   */
  async take(signal: AbortSignal): Promise<Socket> {
    if (this.#socket === undefined) await this.#arrival(signal);
    if (signal.aborted) throw new ServerError('E_ABORTED', 'Transfer aborted');
    const socket = this.#socket;
    if (socket === undefined) throw new ServerError('E_NO_DATA', 'No data connection came');
    this.#socket = undefined;
    return socket;
  }

  /** Give up what was prepared. Closing twice is harmless. */
  close(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #arrival(signal: AbortSignal): Promise<void> {
    const { clock, waitMs } = this.#options;
    const arrived = new AbortController();
    const stop = () => arrived.abort();
    this.#onSocket = stop;
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      await clock.wait(waitMs, arrived.signal);
    } finally {
      this.#onSocket = undefined;
      signal.removeEventListener('abort', stop);
    }
  }

  #accept(socket: Socket, listener: Server): void {
    // From the first moment: a reset without a listener for it would end the process. Who uses the socket hears of it.
    socket.on('error', () => socket.destroy());
    const isWanted = this.#listener === listener && this.#socket === undefined;
    if (!isWanted || !this.#isFromClient(socket)) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#forget(listener);
    this.#onSocket?.();
  }

  #isFromClient(socket: Socket): boolean {
    // Undefined when the peer is gone again already.
    const remoteAddress = socket.remoteAddress === undefined ? undefined : plainAddress(socket.remoteAddress);
    if (remoteAddress === this.#options.remoteAddress) return true;
    this.#options.onStranger(remoteAddress);
    return false;
  }

  #forget(listener: Server): void {
    listener.close();
    if (this.#listener === listener) this.#listener = undefined;
  }
}

/** An address without the mark of an IPv4 address in an IPv6 socket (RFC 4291 section 2.5.5.2). */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
}

async function listenOnOneOf(listener: Server, address: string, ports: Iterable<number>): Promise<number | undefined> {
  for (const port of ports) {
    if (await canListen(listener, address, port)) {
      const bound = listener.address();
      return typeof bound === 'object' ? bound?.port : undefined;
    }
  }
  return undefined;
}

function canListen(listener: Server, address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Each try leaves nothing behind: a range that is nearly used up takes many.
    const settle = (isListening: boolean) => {
      listener.removeAllListeners('error').removeAllListeners('listening');
      resolve(isListening);
    };
    listener.once('error', () => settle(false)).once('listening', () => settle(true));
    listener.listen({ host: address, port, backlog: 8, exclusive: true });
  });
}
