import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { Administrator } from './calls.ts';
import { ControlConnection } from './control-connection.ts';
import { ControlError } from './control-error.ts';
import { LoginGate } from './login-gate.ts';
import { listenPrivately } from './private-socket.ts';

/** What a control socket serves. */
export interface ControlServerOptions {
  /** Absolute path of the socket. Its folder becomes one that only its owner can enter. */
  readonly path: string;
  /** @returns `undefined` when name or password is wrong */
  readonly logIn: (name: string, password: string) => Promise<Administrator | undefined>;
  /** Is told what nobody else hears of: a fault of the program under a call. */
  readonly onFault?: (error: unknown) => void;
  readonly clock?: Clock;
}

// An administrator needs one, and forgotten terminals some more.
const MOST_CONNECTIONS = 64;

/** The Unix socket on which a running server hears its administrator. */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #clock: Clock;
  readonly #gate: LoginGate;
  readonly #server: Server;
  readonly #connections = new Map<ControlConnection, Promise<void>>();
  #remove: () => void = () => undefined;

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#gate = new LoginGate(this.#clock);
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /**
   * Begin to serve, in place of a socket that a server left behind which was killed. To be called by whoever holds the lock
   * of the data folder.
   *
   * @throws ControlError E_CONTROL
   */
  async listen(): Promise<void> {
    const { path } = this.#options;
    makePrivateFolder(path);
    this.#remove = await listenPrivately(this.#server, path);
  }

  /** Hang up on everybody, and take the socket away. Closing twice is harmless. */
  async close(): Promise<void> {
    this.#remove();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections.keys()) connection.end();
    await Promise.all(this.#connections.values());
    await closed;
  }

  #accept(socket: Socket): void {
    this.#makeRoom();
    const { logIn, onFault = () => undefined } = this.#options;
    const connection = new ControlConnection(socket, { logIn, onFault, gate: this.#gate, clock: this.#clock });
    const ended = connection.run().finally(() => this.#connections.delete(connection));
    this.#connections.set(connection, ended);
  }

  // The oldest of those that have not logged in: whoever only fills the places does not keep the administrator out.
  #makeRoom(): void {
    if (this.#connections.size < MOST_CONNECTIONS) return;
    const all = [...this.#connections.keys()];
    const oldest = all.find((connection) => !connection.isKnown) ?? all[0];
    oldest?.end();
    if (oldest) this.#connections.delete(oldest);
  }
}

/** @throws ControlError E_CONTROL */
function makePrivateFolder(path: string): void {
  try {
    makeFolder(dirname(path));
    chmodSync(dirname(path), 0o700);
  } catch (cause) {
    throw new ControlError('E_CONTROL', `Cannot listen on ${path}: ${codeOf(cause) ?? String(cause)}`, { cause });
  }
}
