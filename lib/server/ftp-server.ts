import { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AccountStore } from '../accounts/account-store.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { plainAddress } from './data-channel.ts';
import { defaultLimits, type SessionLimits } from './limits.ts';
import type { PortRange } from './passive-ports.ts';
import { Session, type SessionSettings } from './session.ts';
import type { FtpServerEvents } from './session-events.ts';

/** How a server is set up. */
export interface FtpServerOptions {
  readonly accounts: AccountStore;
  /** Address to listen on; 127.0.0.1 unless told: who wants to be reached from outside must say so. */
  readonly address?: string;
  /** Port to listen on; 0, the default, for any free one. */
  readonly port?: number;
  /** The text of the first reply. */
  readonly greeting?: string;
  /** Ports for data connections; any free ones unless told. */
  readonly passivePorts?: PortRange;
  readonly limits?: Partial<SessionLimits>;
  readonly clock?: Clock;
}

/** An FTP server, each account locked in its home folder. */
export class FtpServer {
  /** What happens in the sessions. */
  readonly events = new EventEmitter<FtpServerEvents>();
  readonly #address: string;
  readonly #port: number;
  readonly #settings: SessionSettings;
  readonly #server: Server;
  readonly #sessions = new Map<Session, Promise<void>>();
  #count = 0;
  #isClosing = false;

  constructor(options: FtpServerOptions) {
    this.#address = options.address ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    this.#settings = {
      accounts: options.accounts,
      clock: options.clock ?? systemClock,
      limits: { ...defaultLimits, ...options.limits },
      greeting: options.greeting ?? 'FilesMirror FTP server ready',
      passivePorts: options.passivePorts,
      events: this.events,
    };
    // Half open: a client that closes its half still gets the replies to what it sent before.
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket));
  }

  /**
   * Begin to serve.
   *
   * @returns where it listens
   * @throws the system's error (EADDRINUSE, EACCES) when it cannot
   */
  async listen(): Promise<{ address: string; port: number }> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: this.#address, port: this.#port }, () => {
        this.#server.off('error', reject);
        // What comes later is a connection that could not be accepted (EMFILE): the client sees it, the others go on.
        this.#server.on('error', () => undefined);
        resolve();
      });
    });
    const bound = this.#server.address();
    return { address: this.#address, port: typeof bound === 'object' && bound !== null ? bound.port : this.#port };
  }

  /** Take nobody in any more, send everybody away, and wait until they are gone. Closing twice is harmless. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions.keys()) session.end('The server is closing');
    await Promise.all(this.#sessions.values());
    await closed;
  }

  #accept(socket: Socket): void {
    // From the first moment: a reset without a listener for it would end the process.
    socket.on('error', () => socket.destroy());
    const { remoteAddress, remotePort } = socket;
    // Undefined when the peer is gone again already.
    if (this.#isClosing || remoteAddress === undefined || remotePort === undefined) {
      socket.destroy();
      return;
    }
    this.#count += 1;
    const info = { id: this.#count, remoteAddress: plainAddress(remoteAddress), remotePort };
    const session = new Session(socket, info, this.#settings);
    // A turn later: whoever hears of it and closes the server at once must find it among the sessions.
    const ended = Promise.resolve()
      .then(() => session.run())
      .finally(() => this.#sessions.delete(session));
    this.#sessions.set(session, ended);
  }
}
