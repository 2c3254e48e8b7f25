import type { EventEmitter } from 'node:events';
import { type Clock, systemClock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import type { TransferEvents } from '../transfer/progress.ts';
import { FarSession } from './far-session.ts';
import type { FtpConnection } from './ftp-connection.ts';
import type { Errand } from './transfer-jobs.ts';

/** What a shell takes from around it; all of it has a default. */
export interface ShellSurroundings {
  readonly clock?: Clock;
  /** Told when a connection is open: for the first time, or again. */
  readonly onOpened?: (isAgain: boolean) => void;
  /** Told what is said on the control connection, but for passwords. */
  readonly onSaid?: (text: string) => void;
}

/** The connection of a shell: one thing is done on it after the other, and when it is lost, the next one opens it again. */
export class ShellTurns {
  readonly #errand: Errand;
  readonly #events: EventEmitter<TransferEvents>;
  readonly #surroundings: ShellSurroundings;
  #session: FarSession;
  #turn: Promise<unknown> = Promise.resolve();
  #wasOpen = false;
  #features: ReadonlyMap<string, string> = new Map();

  constructor(errand: Errand, events: EventEmitter<TransferEvents>, surroundings: ShellSurroundings) {
    this.#errand = errand;
    this.#events = events;
    this.#surroundings = surroundings;
    this.#session = this.#newSession();
  }

  /** What FEAT told on the last connection. */
  get features(): ReadonlyMap<string, string> {
    return this.#features;
  }

  /** Do something once its turn has come. */
  do<Value>(work: (connection: FtpConnection, session: FarSession) => Promise<Value>): Promise<Value> {
    return this.#inTurn(async () => work(await this.#open(), this.#session));
  }

  /** The same for what changes nothing: on a connection that broke while nothing was to do, it is done once more. */
  look<Value>(work: (connection: FtpConnection) => Promise<Value>): Promise<Value> {
    return this.#inTurn(async () => {
      const session = this.#session;
      const connection = await this.#open();
      try {
        return await work(connection);
      } catch (error) {
        const isLost = connection.closed && codeOf(error) !== 'E_TIMEOUT';
        if (!isLost || session !== this.#session) throw error;
        return await work(await this.#open());
      }
    });
  }

  /** Closing twice is harmless. */
  close(): Promise<void> {
    return this.#inTurn(async () => this.#session.close());
  }

  /** Break off what is under way; the next call opens another connection. */
  breakOff(): void {
    this.#session.abandon();
    this.#session = this.#newSession();
  }

  async #open(): Promise<FtpConnection> {
    const connection = await this.#session.open();
    this.#features = connection.features;
    return connection;
  }

  #newSession(): FarSession {
    const { clock = systemClock, onOpened = () => undefined, onSaid = () => undefined } = this.#surroundings;
    const session = new FarSession(this.#errand, { events: this.#events, clock, onSaid });
    session.onConnection = (isOpen) => {
      if (!isOpen) return;
      onOpened(this.#wasOpen);
      this.#wasOpen = true;
    };
    return session;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }
}
