import type { Socket } from 'node:net';
import { type FTPContext, FTPError, type FTPResponse } from 'basic-ftp';
import { codeOf } from '../base/coded-error.ts';
import type { LineSafeClient } from './line-safe-client.ts';
import { tlsProblem } from './tls-problem.ts';

// A server that has not said by then what it makes of a broken transfer is left: a new connection is there sooner.
const LAST_WORD_MS = 5000;

/** Moves content between a data connection and whatever is at its other end. Use it once. */
export interface Pump {
  /** Why it could not go on, when that was not for want of the connection. */
  readonly failure: Error | undefined;
  /**
   * Move all of it. Called when the server says that the transfer begins.
   *
   * @returns fulfilled when all has moved, the end of the connection included
   */
  run(socket: Socket): Promise<void>;
  /** Touch the connection no more. */
  stop(): void;
}

/** A command that wants a data connection. */
export interface DataTransfer {
  readonly verb: 'RETR' | 'STOR' | 'APPE';
  /** Absolute far path. */
  readonly path: string;
  /** Where in the far file it begins, in bytes; 0 for its begin. */
  readonly at: number;
  /** Breaks the transfer off, and leaves the control connection as it is where the server allows that. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Move content through a data connection of its own.
 *
 * @throws FTPError when the server refuses it, the reason of the signal, what the pump failed with: after these the control
 *   connection is still good, unless it is closed; whatever broke a connection
 */
export async function exchange(client: LineSafeClient, transfer: DataTransfer, pump: Pump): Promise<void> {
  const { ftp } = client;
  const { verb, path, at, signal } = transfer;
  signal?.throwIfAborted();
  await client.prepareTransfer(ftp);
  try {
    await client.limiter.commands(1);
    // REST has to stand right before the transfer (RFC 3659 section 5.3): behind the command for the data connection.
    if (at > 0) await ftp.request(`REST ${at}`);
    // With that said the next transfer of this connection would begin there, whatever it is.
    if (at > 0 && signal?.aborted) ftp.close();
    signal?.throwIfAborted();
    const running = new Exchange(ftp, pump);
    const abort = () => running.abort();
    signal?.addEventListener('abort', abort);
    try {
      const ended = ftp.handle(undefined, (response, task) => running.take(response, task));
      ftp.send(`${verb} ${path}`);
      await ended;
    } finally {
      signal?.removeEventListener('abort', abort);
      running.end();
    }
    if (pump.failure) throw pump.failure;
    signal?.throwIfAborted();
  } finally {
    // It is closed with this. One that was not used would keep a port of the server's.
    ftp.dataSocket = undefined;
  }
}

type Task = Parameters<Parameters<FTPContext['handle']>[1]>[1];

/** What is said on the control connection during a transfer. */
class Exchange {
  readonly #ftp: FTPContext;
  readonly #pump: Pump;
  #task: Task | undefined;
  #hasBegun = false;
  /** Has all content moved? */
  #hasMoved = false;
  #isAnswered = false;
  /** What broke the data connection, while it is not known why. */
  #broken: Error | undefined;
  #aborting: 'no' | 'asked' | 'answered' = 'no';
  #timer: NodeJS.Timeout | undefined;

  constructor(ftp: FTPContext, pump: Pump) {
    this.#ftp = ftp;
    this.#pump = pump;
  }

  /** A reply, or what broke the connection. */
  take(response: Error | FTPResponse, task: Task): void {
    this.#task = task;
    if (response instanceof Error && !(response instanceof FTPError)) this.#fail(response);
    else if (this.#aborting !== 'no') this.#takeWhileAborting(response);
    else if (response instanceof Error) this.#fail(response);
    else if (response.code === 150 || response.code === 125) this.#begin();
    else if (response.code >= 300) this.#ftp.closeWithError(new Error(`An answer is asked for: ${response.message}`));
    else if (response.code >= 200) this.#answered();
  }

  /**
   * Close the data connection and send ABOR (RFC 959 section 4.1.3).
   *
   * The transfer is answered, then ABOR, in so many ways that only the answer to a command behind both tells when the server
   * is done: NOOP, which is not sent before the transfer is answered, since servers lose what comes with ABOR.
   */
  abort(): void {
    if (this.#aborting !== 'no') return;
    this.#aborting = 'asked';
    this.#pump.stop();
    this.#ftp.dataSocket = undefined;
    if (this.#isAnswered) {
      this.#task?.resolve(undefined);
      return;
    }
    this.#waitForWord(new Error('Timeout (the server does not answer ABOR)'));
    this.#ftp.send('ABOR');
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#pump.stop();
  }

  #begin(): void {
    const socket = this.#ftp.dataSocket;
    if (this.#hasBegun || !socket) return;
    this.#hasBegun = true;
    // It is silent during the transfer, and the pump watches over that one.
    this.#ftp.socket.setTimeout(0);
    // Whoever closes it has a reason, and says it on the control connection; the pump notices that it is closed.
    socket.removeAllListeners('error').on('error', (error) => {
      if (tlsProblem(error) !== undefined) this.#ftp.closeWithError(error);
    });
    this.#pump.run(socket).then(
      () => this.#moved(),
      (error: Error) => this.#broke(error),
    );
  }

  #broke(error: Error): void {
    if (this.#aborting !== 'no') return;
    // The server has done nothing wrong when there is no room for what it sends.
    if (this.#pump.failure) this.abort();
    else if (this.#isAnswered || codeOf(error) === 'E_TIMEOUT') this.#ftp.closeWithError(error);
    else {
      this.#broken = error;
      this.#waitForWord(error);
    }
  }

  /** What is waited for is why it broke; without a word in time it is lost. */
  #waitForWord(error: Error): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ftp.closeWithError(error), Math.min(LAST_WORD_MS, this.#ftp.timeout));
  }

  #moved(): void {
    this.#hasMoved = true;
    if (this.#aborting !== 'no') return;
    this.#ftp.socket.setTimeout(this.#ftp.timeout);
    this.#finish();
  }

  #answered(): void {
    this.#isAnswered = true;
    if (this.#broken) this.#ftp.closeWithError(this.#broken);
    this.#finish();
  }

  /** Which of the two comes first differs from server to server, and from time to time. */
  #finish(): void {
    if (this.#isAnswered && (this.#hasMoved || !this.#hasBegun)) this.#task?.resolve(undefined);
  }

  #takeWhileAborting({ code }: { readonly code: number }): void {
    if (code < 200) return;
    if (this.#aborting === 'answered') {
      if (code === 200) this.#task?.resolve(undefined);
      return;
    }
    this.#aborting = 'answered';
    this.#ftp.send('NOOP');
  }

  #fail(error: Error): void {
    this.#pump.stop();
    this.#task?.reject(error);
  }
}
