import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { plainAddress } from '../base/plain-address.ts';
import type { PassivePlaces } from './passive-places.ts';
import { type PortRange, shuffledPorts } from './passive-ports.ts';

// The system takes a free one.
const ANY_PORT = 0;

/** What a door must know of its session. */
export interface DoorOptions {
  /** The server's end of the control connection: the client is awaited on the same address. */
  readonly localAddress: string;
  /** The client's end: nobody else may come in (RFC 2577 section 4). */
  readonly remoteAddress: string;
  readonly ports: PortRange | undefined;
  readonly places: PassivePlaces;
  readonly clock: Clock;
  /** How long it stays open for a client that does not come and asks for nothing, in milliseconds. */
  readonly openMs: number;
  /** Told of everybody who was sent away. */
  readonly onStranger: (remoteAddress: string | undefined) => void;
}

/** A port of its own on which one connection of the client is awaited. */
export class PassiveDoor {
  readonly #options: DoorOptions;
  readonly #listener: Server;
  /** Lets it stay open although nobody has come. */
  #stayOpen: () => void = () => undefined;
  #socket: Socket | undefined;
  #isListening = false;
  #endWait: () => void = () => undefined;

  private constructor(options: DoorOptions) {
    this.#options = options;
    // Half open: a client that has nothing to say may close its half and still wants all of the data.
    this.#listener = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /** @returns the door and its port; `undefined` when no port is free */
  static async open(options: DoorOptions): Promise<{ readonly door: PassiveDoor; readonly port: number } | undefined> {
    if (!options.places.take(options.remoteAddress)) return undefined;
    const door = new PassiveDoor(options);
    door.#isListening = true;
    const port = await door.#listen();
    if (port === undefined) {
      door.close();
      return undefined;
    }
    // A port for a client that has gone elsewhere would be missing to others.
    door.#stayOpen = options.clock.after(options.openMs, () => door.close());
    return { door, port };
  }

  /** May somebody still come, or has come? */
  get isOpen(): boolean {
    return this.#isListening || this.#socket !== undefined;
  }

  /** The client's connection if it is there already; the caller's from then on. */
  takeArrived(): Socket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    return socket;
  }

  /** The client's connection, unread, as soon as it is there; the caller's from then on. `undefined` when it is given up. */
  async take(): Promise<Socket | undefined> {
    this.#stayOpen();
    if (this.#socket === undefined) await new Promise<void>((resolve) => (this.#endWait = resolve));
    return this.takeArrived();
  }

  /** End the wait of whoever {@link take}s what comes. */
  giveUp(): void {
    this.#endWait();
  }

  /** Closing twice is harmless. */
  close(): void {
    this.#stopListening();
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #accept(socket: Socket): void {
    // From the first moment: a reset without a listener for it would end the process. Who uses the socket hears of it.
    socket.on('error', () => socket.destroy());
    if (!this.#isListening || !this.#isFromClient(socket)) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#stopListening();
    this.#endWait();
  }

  #isFromClient(socket: Socket): boolean {
    // Undefined when the peer is gone again already.
    const remoteAddress = socket.remoteAddress === undefined ? undefined : plainAddress(socket.remoteAddress);
    if (remoteAddress === this.#options.remoteAddress) return true;
    this.#options.onStranger(remoteAddress);
    return false;
  }

  #stopListening(): void {
    if (!this.#isListening) return;
    this.#isListening = false;
    this.#stayOpen();
    this.#listener.close();
    this.#options.places.giveBack(this.#options.remoteAddress);
  }

  async #listen(): Promise<number | undefined> {
    for (const port of shuffledPorts(this.#options.ports)) {
      if (!this.#isListening) return undefined;
      if (await this.#canListen(port)) {
        this.#listener.on('error', () => this.#stopListening());
        return port === ANY_PORT ? this.#port : port;
      }
    }
    return undefined;
  }

  get #port(): number | undefined {
    const bound = this.#listener.address();
    return typeof bound === 'object' ? bound?.port : undefined;
  }

  #canListen(port: number): Promise<boolean> {
    const listener = this.#listener;
    return new Promise((resolve) => {
      // Each try leaves nothing behind: a range that is nearly used up takes many.
      const settle = (isListening: boolean) => {
        listener.removeAllListeners('error').removeAllListeners('listening');
        resolve(isListening);
      };
      listener.once('error', () => settle(false)).once('listening', () => settle(true));
      listener.listen({ host: this.#options.localAddress, port, backlog: 8, exclusive: true });
    });
  }
}
