import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { codeOf, messageOf } from '../../base/coded-error.ts';
import { plainAddress } from '../../base/plain-address.ts';
import { LinkError } from './link-error.ts';
import { showAddress } from './peer-address.ts';

/** Time to say who one is. A connection takes a few milliseconds for that, and a second over the worst of lines. */
const PATIENCE_MS = 5000;

/** So many may be here without having said who they are: more than the peers of a share that come at the same time. */
const MOST_UNKNOWN = 16;

/** So many of them from one IP address, so that one machine cannot keep out the others. */
const MOST_UNKNOWN_OF_ONE = 8;

/** A connection that came in. */
export interface Visitor {
  readonly socket: Socket;
  /** Without port. */
  readonly address: string;
  /** Its time is over, or nobody is let in any more: the socket is destroyed by then. */
  readonly signal: AbortSignal;
  /** It has said who it is: the limits of time and number are no longer about it. */
  readonly stay: () => void;
}

/** What an {@link Entrance} works with. */
export interface EntranceOptions {
  /** All addresses of the machine unless given. */
  readonly address?: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  readonly clock: Clock;
  /** Who comes from there may come in. */
  readonly isExpected: (address: string) => boolean;
  /** Fulfilled when the visitor is gone or may {@link Visitor.stay}. */
  readonly welcome: (visitor: Visitor) => Promise<void>;
}

/** Where other peers come in: few at a time until they have said who they are, and only who is expected. */
export class Entrance {
  readonly #options: EntranceOptions;
  readonly #server: Server;
  readonly #unknown = new Map<Socket, { readonly address: string; readonly end: () => void }>();

  constructor(options: EntranceOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => this.#accept(socket));
  }

  /**
   * Let others in.
   *
   * @returns the port
   * @throws LinkError E_PORT
   */
  async open(): Promise<number> {
    const { address, port } = this.#options;
    this.#server.listen({ host: address, port, exclusive: true });
    try {
      await once(this.#server, 'listening');
    } catch (cause) {
      const where = address === undefined ? `port ${port}` : showAddress({ address, port });
      throw new LinkError('E_PORT', `Cannot listen at ${where}: ${reasonOf(cause)}`, { cause });
    }
    // As when there are no more file numbers: who was not let in comes again.
    this.#server.on('error', () => undefined);
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  /** Let nobody in any more, and put those out who have not said who they are. */
  close(): void {
    this.#server.close();
    for (const { end } of this.#unknown.values()) end();
  }

  #accept(socket: Socket): void {
    // From the first moment: a reset without a listener for it would end the process.
    socket.on('error', () => socket.destroy());
    // Undefined when it is gone again already.
    const address = plainAddress(socket.remoteAddress ?? '');
    if (address === '' || !this.#options.isExpected(address) || !this.#hasRoomFor(address)) {
      socket.destroy();
      return;
    }
    const controller = new AbortController();
    const end = () => {
      socket.destroy();
      controller.abort();
    };
    const cancel = this.#options.clock.after(PATIENCE_MS, end);
    const stay = () => {
      cancel();
      this.#unknown.delete(socket);
    };
    socket.once('close', stay);
    this.#unknown.set(socket, { address, end });
    void this.#options.welcome({ socket, address, signal: controller.signal, stay });
  }

  #hasRoomFor(address: string): boolean {
    const ofOne = [...this.#unknown.values()].filter((other) => other.address === address).length;
    return this.#unknown.size < MOST_UNKNOWN && ofOne < MOST_UNKNOWN_OF_ONE;
  }
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return 'another program listens there; end it, or choose another --port';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address; look at --bind';
    case 'EACCES':
      return 'the system does not allow it; choose another --port, or look at --bind';
    default:
      return messageOf(error);
  }
}
