import { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AccountStore } from '../accounts/account-store.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { plainAddress } from '../base/plain-address.ts';
import type { BanView, SessionView } from '../control/live-server.ts';
import { formatReply } from '../ftp/reply.ts';
import { Admission } from './admission/admission.ts';
import { type AdmissionRules, openDoor } from './admission/admission-rules.ts';
import { PromptDisk } from './disk/disk.ts';
import { Expectations } from './expectations.ts';
import { FileHashes } from './file-hashes.ts';
import { defaultLimits, type SessionLimits } from './limits.ts';
import { PassivePlaces } from './passive-places.ts';
import { type PortRange, systemPorts } from './passive-ports.ts';
import { Spaces } from './quota/spaces.ts';
import { Rates } from './rates.ts';
import type { TlsSettings } from './security.ts';
import { Session } from './session.ts';
import type { FtpServerEvents } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';

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
  /** Ports for data connections; unless told, those that the system has for whoever wants any. */
  readonly passivePorts?: PortRange;
  /** The IPv4 address that clients from outside of the local networks reach the server by, when that is another one. */
  readonly externalAddress?: string;
  /** May clients ask to be called at a port of theirs (PORT, EPRT)? Yes, unless told; none but the client is called. */
  readonly allowsActive?: boolean;
  /** Offers TLS (AUTH TLS, RFC 4217). */
  readonly tls?: TlsOptions;
  readonly limits?: Partial<SessionLimits>;
  /** How many may come in, and what wrong logins cost; everybody may, unless told. */
  readonly admission?: Partial<AdmissionRules>;
  readonly clock?: Clock;
  /** What was said of uploads that have not ended; those of this process alone unless told. */
  readonly expectations?: Expectations;
}

/** What may be set another way while the server runs. What is left out is as it is without being told. */
export type ChangeableOptions = Pick<
  FtpServerOptions,
  'greeting' | 'passivePorts' | 'externalAddress' | 'allowsActive' | 'limits' | 'admission'
> & { readonly tls?: TlsSettings | undefined };

// The replies to those who are sent away at once hold a descriptor each for a moment. Of a flood of them most get none.
const MOST_REFUSED_AT_ONCE = 16;

const CLOSING = 'The server is closing';

// Longer than a disk needs that answers at all. Nobody shall have to kill a server because of one that does not.
const CLOSE_WITHIN_S = 10;

/** An FTP server, each account locked in its home folder. */
export class FtpServer {
  /** What happens in the sessions. */
  readonly events = new EventEmitter<FtpServerEvents>();
  /** What the files of the accounts take. */
  readonly spaces = new Spaces();
  readonly #address: string;
  readonly #port: number;
  readonly #settings: SessionSettings;
  readonly #admission: Admission;
  readonly #server: Server;
  /** Where TLS begins with the first byte. */
  readonly #implicit: { readonly server: Server; readonly port: number } | undefined;
  readonly #sessions = new Map<Session, Promise<void>>();
  #count = 0;
  #refusedNow = 0;
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
      localDisk: new PromptDisk(),
      ...changeable(options),
      passivePlaces: new PassivePlaces(() => this.#settings.passivePorts),
      events: this.events,
      hashes: new FileHashes(() => this.#settings.limits.hashBytes),
      expectations: options.expectations ?? Expectations.inMemory(),
    };
    this.#admission = new Admission({
      accounts: options.accounts,
      clock,
      rules: () => this.#settings.admission,
      onBan: (ban) => this.events.emit('banned', ban),
    });
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

  /** Set something another way; it holds for those who are here, too, but data connections as they were prepared. */
  configure(options: ChangeableOptions): void {
    Object.assign(this.#settings, changeable(options));
  }

  /** Everybody who is here, in the order in which they came. */
  sessions(): readonly SessionView[] {
    return [...this.#sessions.keys()].map((session) => session.view());
  }

  /** Send some away with 421, a transfer is aborted first. @returns how many there were */
  kick(isMeant: (session: SessionView) => boolean, reason: string): number {
    const meant = [...this.#sessions.keys()].filter((session) => isMeant(session.view()));
    for (const session of meant) session.end(reason);
    return meant.length;
  }

  /** Who is kept out. */
  bans(): readonly BanView[] {
    return this.#admission.bans.list();
  }

  /** Let somebody in again. @returns whether there was such a ban */
  unban(kind: BanView['kind'], name: string): boolean {
    return this.#admission.bans.lift(kind, name);
  }

  /**
   * Close in order: take nobody in any more, send away who moves nothing, let transfers come to their end, and break off what
   * is still there after so long, in milliseconds.
   */
  async stop(withinMs: number): Promise<void> {
    this.#isClosing = true;
    for (const server of this.#servers) server.close();
    for (const session of this.#sessions.keys()) session.endBehindTransfer(CLOSING);
    await this.#emptied(withinMs);
    await this.close();
  }

  /**
   * Take nobody in any more, send everybody away, and wait until they are gone. A session that does not end, since the disk
   * does not answer, is cut off after ten seconds, and `sessionFailed` tells so. Closing twice is harmless.
   */
  async close(): Promise<void> {
    this.#isClosing = true;
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const session of this.#sessions.keys()) session.end(CLOSING);
    // To count a large folder may take minutes.
    this.spaces.close();
    await this.#emptied(CLOSE_WITHIN_S * 1000);
    const reason = `It did not end within ${CLOSE_WITHIN_S} seconds, and was broken off`;
    for (const session of this.#sessions.keys()) session.breakOff(reason);
    await Promise.all(closed);
  }

  /** Wait until nobody is here any more, but no longer than so many milliseconds. */
  async #emptied(withinMs: number): Promise<void> {
    const gone = new AbortController();
    void Promise.all(this.#sessions.values()).then(() => gone.abort());
    await this.#settings.clock.wait(withinMs, gone.signal);
  }

  get #servers(): readonly Server[] {
    return [this.#server, this.#implicit?.server].filter((server) => server !== undefined);
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
    const address = plainAddress(remoteAddress);
    const visit = this.#admission.enter(address);
    if (typeof visit === 'string') {
      this.#refuse(socket, address, visit);
      return;
    }
    this.#count += 1;
    const info = { id: this.#count, remoteAddress: address, remotePort };
    const session = new Session({ socket, info, visit }, this.#settings);
    // A turn later: whoever hears of it and closes the server at once must find it among the sessions.
    const ended = Promise.resolve()
      .then(() => session.run(isImplicit))
      .finally(() => this.#sessions.delete(session));
    this.#sessions.set(session, ended);
  }

  #refuse(socket: Socket, remoteAddress: string, reason: string): void {
    this.events.emit('connectionRefused', { remoteAddress, reason });
    if (this.#refusedNow >= MOST_REFUSED_AT_ONCE) {
      socket.destroy();
      return;
    }
    this.#refusedNow += 1;
    socket.once('close', () => (this.#refusedNow -= 1));
    // What it sends is read and dropped: unread, it would turn the end into a reset that can overtake the reply.
    socket.resume();
    socket.end(formatReply(421, reason));
    socket.destroySoon();
  }
}

function changeable(options: ChangeableOptions) {
  const limits = { ...defaultLimits, ...options.limits };
  return {
    limits,
    admission: { ...openDoor, attempts: limits.failedLogins, ...options.admission },
    greeting: options.greeting ?? 'FilesMirror FTP server ready',
    passivePorts: options.passivePorts ?? systemPorts(),
    externalAddress: options.externalAddress,
    allowsActive: options.allowsActive ?? true,
    tls: options.tls,
  };
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
