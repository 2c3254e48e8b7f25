import { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AccountStore } from '../accounts/account-store.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { Expectations } from './expectations.ts';
import { FileHashes } from './file-hashes.ts';
import { defaultLimits, type SessionLimits } from './limits.ts';
import { PassivePlaces } from './passive-places.ts';
import type { PortRange } from './passive-ports.ts';
import { plainAddress } from './plain-address.ts';
import { Spaces } from './quota/spaces.ts';
import { Rates } from './rates.ts';
import type { TlsSettings } from './security.ts';
import { Session, type SessionSettings } from './session.ts';
import type { FtpServerEvents } from './session-events.ts';

/** How TLS is offered, and where. */
export interface TlsOptions extends TlsSettings {
  /** A second port, on the same address, where TLS begins with the first byte (0 for any free one); none unless told. */
  readonly implicitPort?: number;
}

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
  /** The IPv4 address that clients from outside of the local networks reach the server by, when that is another one. */
  readonly externalAddress?: string;
  /** May clients ask to be called at a port of theirs (PORT, EPRT)? Yes, unless told; none but the client is called. */
  readonly allowsActive?: boolean;
  /** Offers TLS (AUTH TLS, RFC 4217). */
  readonly tls?: TlsOptions;
  readonly limits?: Partial<SessionLimits>;
  readonly clock?: Clock;
  /** What was said of uploads that have not ended; those of this process alone unless told. */
  readonly expectations?: Expectations;
}

/** An FTP server, each account locked in its home folder. */
export class FtpServer {
  /** What happens in the sessions. */
  readonly events = new EventEmitter<FtpServerEvents>();
  /** What the files of the accounts take. */
  readonly spaces = new Spaces();
  readonly #address: string;
  readonly #port: number;
  readonly #settings: SessionSettings;
  readonly #server: Server;
  /** Where TLS begins with the first byte. */
  readonly #implicit: { readonly server: Server; readonly port: number } | undefined;
  readonly #sessions = new Map<Session, Promise<void>>();
  #count = 0;
  #isClosing = false;

  constructor(options: FtpServerOptions) {
    this.#address = options.address ?? '127.0.0.1';
    this.#port = options.port ?? 0;
    const clock = options.clock ?? systemClock;
    this.#settings = {
      accounts: options.accounts,
      clock,
      rates: new Rates(options.accounts, () => this.#settings.limits, clock),
      spaces: this.spaces,
      limits: { ...defaultLimits, ...options.limits },
      greeting: options.greeting ?? 'FilesMirror FTP server ready',
      passivePorts: options.passivePorts,
      passivePlaces: new PassivePlaces(() => this.#settings.passivePorts),
      externalAddress: options.externalAddress,
      allowsActive: options.allowsActive ?? true,
      tls: options.tls,
      events: this.events,
      hashes: new FileHashes(),
      expectations: options.expectations ?? Expectations.inMemory(),
    };
    this.#server = this.#makeServer(false);
    const port = options.tls?.implicitPort;
    this.#implicit = port === undefined ? undefined : { server: this.#makeServer(true), port };
  }

  /**
   * Begin to serve.
   *
   * @returns where it listens
   * @throws the system's error (EADDRINUSE, EACCES) when it cannot; it then listens nowhere
   */
  async listen(): Promise<{ address: string; port: number; implicitPort?: number }> {
    const port = await listenOn(this.#server, this.#address, this.#port);
    if (this.#implicit === undefined) return { address: this.#address, port };
    try {
      const implicitPort = await listenOn(this.#implicit.server, this.#address, this.#implicit.port);
      return { address: this.#address, port, implicitPort };
    } catch (error) {
      this.#server.close();
      throw error;
    }
  }

  /** Take nobody in any more, send everybody away, and wait until they are gone. Closing twice is harmless. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const servers = [this.#server, this.#implicit?.server].filter((server) => server !== undefined);
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const session of this.#sessions.keys()) session.end('The server is closing');
    await Promise.all(this.#sessions.values());
    await Promise.all(closed);
  }

  #makeServer(isImplicit: boolean): Server {
    // Half open: a client that closes its half still gets the replies to what it sent before.
    return createServer({ noDelay: true, allowHalfOpen: true }, (socket) => this.#accept(socket, isImplicit));
  }

  #accept(socket: Socket, isImplicit: boolean): void {
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
      .then(() => session.run(isImplicit))
      .finally(() => this.#sessions.delete(session));
    this.#sessions.set(session, ended);
  }
}

/** @returns the port, when it listens */
async function listenOn(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      // What comes later is a connection that could not be accepted (EMFILE): the client sees it, the others go on.
      server.on('error', () => undefined);
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}
