import type { Socket } from 'node:net';
import { type FTPContext, FTPError } from 'basic-ftp';
import { TransferError } from '../transfer/transfer-error.ts';
import { assertCarriable } from './carriable.ts';
import type { DataSurroundings } from './data-ahead.ts';
import { type Asked, assertFits, OutOfStep } from './expected-answer.ts';
import { replyError } from './far-error.ts';
import type { Reply } from './far-reply.ts';
import type { TlsTrust } from './tls-trust.ts';

/** The server gives no data connection, and has a command already that wants one: it may wait for it as long as it likes. */
export class PortRefused extends TransferError {
  constructor({ code, message }: Reply) {
    super('E_DATA', `No data connection: the server answered ${message}`, { retry: true, reply: code });
  }
}

/**
 * Commands that are sent ahead of the answers to those before, and the answers, read in the order of the commands.
 *
 * It has the connection to itself from its first command until its end; what fails breaks the connection.
 */
export class Dialogue {
  readonly #ftp: FTPContext;
  readonly #trust: TlsTrust;
  readonly #arrived: Reply[] = [];
  readonly #sockets = new Set<Socket>();
  #isListening = false;
  #failure: Error | undefined;
  #reader: { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void } | undefined;
  #leave: () => void = () => undefined;

  constructor(ftp: FTPContext, trust: TlsTrust) {
    this.#ftp = ftp;
    this.#trust = trust;
  }

  /**
   * Send commands in one write.
   *
   * @param extraMs how much longer than others the answers may take, in milliseconds
   * @throws TransferError E_NAME when one of them holds a line end: then none is sent
   */
  send(commands: readonly string[], extraMs = 0): void {
    this.#listen();
    const { socket, timeout } = this.#ftp;
    for (const command of commands) assertCarriable(command);
    socket.setTimeout(timeout + extraMs);
    // One text: the library would write each command by itself.
    socket.write(`${commands.join('\r\n')}\r\n`);
  }

  /**
   * The answer to the oldest command that has none yet, be it a refusal.
   *
   * @param onBegin told when the server says that a transfer begins
   * @throws OutOfStep when it is no answer to such a command; TransferError when the server takes the connection away;
   *   whatever broke the connection
   */
  async answer(asked: Asked, onBegin: () => void = () => undefined): Promise<Reply> {
    let reply = await this.#next();
    // 150 and 125 only tell that a transfer begins.
    if (isTransfer(asked) && reply.code < 200) {
      onBegin();
      reply = await this.#next();
    }
    if (reply.code === 421) throw replyError('The server ends the connection', reply);
    assertFits(asked, reply);
    return reply;
  }

  /** For data connections that are opened ahead. */
  get data(): DataSurroundings {
    return {
      ...{ ftp: this.#ftp, trust: this.#trust },
      fail: (error) => this.#fail(error),
      keep: (socket) => {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
      },
    };
  }

  /** Nobody reads any more: let go of what is open. */
  breakOff(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nothing that is still to come can be waited for. */
  #fail(error: Error): void {
    this.#failure ??= error;
    // Whoever waits for what comes over them waits in vain.
    this.breakOff();
    this.#reader?.reject(this.#failure);
    this.#reader = undefined;
  }

  /** Leave the connection to others. @throws OutOfStep when there is an answer that nobody asked for */
  end(): void {
    const [extra] = this.#arrived;
    if (this.#failure) throw this.#failure;
    if (extra) throw new OutOfStep(`${extra.message} to nothing`);
    this.#leave();
  }

  /** Once it was begun, a reply has to come before it can be left. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    void this.#ftp.handle(undefined, (response, task) => {
      this.#leave = () => task.resolve(undefined);
      if (response instanceof Error && !(response instanceof FTPError)) this.#fail(response);
      else this.#take(response);
    });
  }

  #take(reply: Reply): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader) reader.resolve(reply);
    else this.#arrived.push(reply);
  }

  async #next(): Promise<Reply> {
    const arrived = this.#arrived.shift();
    if (arrived) return arrived;
    if (this.#failure) throw this.#failure;
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }
}

function isTransfer(asked: Asked): boolean {
  return asked === 'STOR' || asked === 'RETR' || asked === 'MLSD' || asked === 'LIST';
}
