import { isIPv4, type Socket } from 'node:net';
import { isSameAddress, isUnspecified } from '../base/plain-address.ts';
import type { DataAddress } from '../ftp/address.ts';
import { callClient } from './active-call.ts';
import type { DataConnection } from './data-connection.ts';
import { type DoorOptions, PassiveDoor } from './passive-door.ts';
import { ServerError } from './server-error.ts';
import type { SessionInfo } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';
import { toldAddress } from './told-address.ts';

/** What a data channel must know of its session. */
export interface DataChannelOptions extends DoorOptions {
  /** What the client is told in place of {@link DoorOptions.localAddress}, by 227. */
  readonly toldAddress: string;
  /** How long a transfer waits for its connection, in milliseconds. */
  readonly waitMs: number;
}

// Below are the services of the system: a server that could be made to talk to them is an old weapon (RFC 2577 section 3).
const LOWEST_PORT = 1024;

/** That of a session whose control connection has its end at `localAddress`. */
export function dataChannelOf(session: SessionInfo, localAddress: string, settings: SessionSettings): DataChannel {
  const { remoteAddress } = session;
  return new DataChannel({
    localAddress,
    remoteAddress,
    toldAddress: toldAddress(localAddress, remoteAddress, settings.externalAddress),
    ports: settings.passivePorts,
    places: settings.passivePlaces,
    clock: settings.clock,
    openMs: settings.limits.passiveMs,
    waitMs: settings.limits.dataWaitMs,
    onStranger: (remoteAddress) => settings.events.emit('strangerRefused', { session, remoteAddress }),
  });
}

/** The one data connection that a session may have at a time (RFC 959 section 3.2). */
export class DataChannel {
  readonly #options: DataChannelOptions;
  #door: PassiveDoor | undefined;
  #target: DataAddress | undefined;
  /** Ends the attempt to reach that one. */
  #call: AbortController | undefined;
  #isAborted = false;
  /** That of the transfer which is under way. */
  #current: DataConnection | undefined;
  /** The same, and then that of the last transfer: its client may still take what was sent. */
  #latest: DataConnection | undefined;
  /** Since when a transfer waits for its connection, the TLS handshake included; `undefined` as long as none does. */
  #awaitedSince: number | undefined;

  constructor(options: DataChannelOptions) {
    this.#options = options;
  }

  /** Is the client's end an IPv4 address? */
  get isIPv4(): boolean {
    return isIPv4(this.#options.remoteAddress);
  }

  /** The address at which the client reaches us, for 227. */
  get toldAddress(): string {
    return this.#options.toldAddress;
  }

  /** Make sure that the client has asked for a data connection: without, E_NO_DATA. */
  mustBePrepared(): void {
    if (this.#target !== undefined || this.#door?.isOpen) return;
    throw new ServerError('E_NO_DATA', 'Send PASV or EPSV first');
  }

  /**
   * Await the client on a port of its own, in place of what was prepared before.
   *
   * @returns the port
   * @throws ServerError E_NO_DATA when no port is free
   */
  async listen(): Promise<number> {
    this.close();
    const opened = await PassiveDoor.open(this.#options);
    if (opened === undefined)
      throw new ServerError('E_NO_DATA', 'No port is free for a data connection, try again later');
    this.#door = opened.door;
    return opened.port;
  }

  /**
   * Connect to a port of the client when the transfer comes, in place of what was prepared before.
   *
   * A client that names no address (`::` or `0.0.0.0`, as lftp does over IPv6) means its own.
   *
   * @throws ServerError E_ARGUMENT for any other machine (RFC 2577 section 3), or a port below 1024
   */
  callBack(target: DataAddress): void {
    const { remoteAddress } = this.#options;
    if (!isUnspecified(target.address) && !isSameAddress(target.address, remoteAddress)) {
      throw new ServerError('E_ARGUMENT', 'Data connections go to your own address only');
    }
    if (target.port < LOWEST_PORT) throw new ServerError('E_ARGUMENT', `Ports below ${LOWEST_PORT} are not called`);
    this.close();
    this.#target = { address: remoteAddress, port: target.port };
  }

  /**
   * The connection to the client, unread until somebody reads it; it belongs to the caller now.
   *
   * @throws ServerError E_NO_DATA when it does not come in time; E_ABORTED
   */
  async take(): Promise<Socket> {
    if (this.#isAborted) throw aborted();
    this.#awaitedSince = this.#options.clock.now();
    return this.#door?.takeArrived() ?? this.#awaited();
  }

  async #awaited(): Promise<Socket> {
    const { clock, waitMs } = this.#options;
    const coming = this.#connection();
    const takeBack = clock.after(waitMs, () => this.#giveUp());
    const socket = await coming;
    takeBack();
    if (this.#isAborted) {
      socket?.destroy();
      throw aborted();
    }
    if (socket === undefined) throw new ServerError('E_NO_DATA', 'There is no data connection');
    return socket;
  }

  /** A transfer begins on its connection: others want to know how far it is. The one before is needed no more. */
  begin(connection: DataConnection): void {
    this.#latest?.drop();
    this.#latest = connection;
    this.#current = connection;
    this.#awaitedSince = undefined;
    // In the midst of a handshake, maybe.
    if (this.#isAborted) connection.drop();
  }

  /** Break off the transfer at hand, wherever it is: until the channel is closed there is no other one. */
  abort(): void {
    this.#isAborted = true;
    this.#giveUp();
    this.#current?.drop();
  }

  /** Bytes of content that the transfer at hand has moved so far, `undefined` without one. */
  get movedBytes(): number | undefined {
    return this.#current?.movedBytes;
  }

  /** How long a transfer has waited for the client by now, for its connection or for what it sends, in milliseconds. */
  get silentMs(): number {
    if (this.#awaitedSince !== undefined) return this.#options.clock.now() - this.#awaitedSince;
    return this.#current?.silentMs ?? 0;
  }

  /** Give up what was prepared. Closing twice is harmless. */
  close(): void {
    this.#door?.close();
    this.#door = undefined;
    this.#target = undefined;
    this.#call = undefined;
    this.#current = undefined;
    this.#awaitedSince = undefined;
    this.#isAborted = false;
  }

  /** The session is over. Ending twice is harmless. */
  end(): void {
    this.close();
    this.#latest?.drop();
  }

  async #connection(): Promise<Socket | undefined> {
    if (this.#target === undefined) return this.#door?.take();
    this.#call = new AbortController();
    return callClient(this.#target, this.#options.localAddress, this.#call.signal);
  }

  #giveUp(): void {
    this.#door?.giveUp();
    this.#call?.abort();
  }
}

function aborted(): ServerError {
  return new ServerError('E_ABORTED', 'Transfer aborted');
}
