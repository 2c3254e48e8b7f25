import type { Socket } from 'node:net';
import { type Clock, systemClock } from '../base/clock.ts';
import { CodedError } from '../base/coded-error.ts';
import type { Administrator, ArgumentsOf, CallName, ResultOf } from './calls.ts';
import { connectSocket } from './connect-socket.ts';
import { ControlError } from './control-error.ts';
import { lineOf, MOST_BYTES, PROTOCOL, readAnswer } from './messages.ts';
import { readLines } from './read-lines.ts';

/** Who asks, and how it is proved. */
export interface AdministratorLogin {
  readonly name: string;
  readonly password: string;
}

// The server makes those wait who come after others that mistyped, and never for longer than its own patience.
const LOGIN_MS = 90_000;

/** A server that runs, asked over its control socket. */
export class ControlClient implements Administrator {
  readonly isLive = true;
  readonly #socket: Socket;
  readonly #lines: AsyncGenerator<string, void, undefined>;
  #id = 0;
  /** Calls are answered in the order in which they are asked. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = readLines(socket, () => MOST_BYTES);
  }

  /**
   * Log in to the server of a control socket.
   *
   * @returns `undefined` when no server listens there
   * @throws CodedError ControlError, with E_ADMIN_LOGIN when name or password is wrong
   */
  static async logIn(
    path: string,
    { name, password }: AdministratorLogin,
    clock: Clock = systemClock,
  ): Promise<ControlClient | undefined> {
    const socket = await connectSocket(path);
    if (!socket) return undefined;
    const client = new ControlClient(socket);
    const waiting = new AbortController();
    try {
      void clock.wait(LOGIN_MS, waiting.signal).then(() => {
        if (!waiting.signal.aborted) socket.destroy();
      });
      await client.#ask('login', { protocol: PROTOCOL, name, password });
      return client;
    } catch (error) {
      await client.close();
      throw error;
    } finally {
      waiting.abort();
    }
  }

  async call<Name extends CallName>(name: Name, asked: ArgumentsOf<Name>): Promise<ResultOf<Name>> {
    // What a server of the same protocol answers is what the contract says.
    return (await this.#ask(name, asked)) as ResultOf<Name>;
  }

  async close(): Promise<void> {
    this.#socket.destroy();
  }

  async #ask(call: string, asked: Readonly<Record<string, unknown>>): Promise<unknown> {
    const answer = this.#last.then(() => this.#answerTo(call, asked));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #answerTo(call: string, asked: Readonly<Record<string, unknown>>): Promise<unknown> {
    this.#id += 1;
    this.#socket.write(lineOf({ id: this.#id, call, arguments: asked }));
    const answer = readAnswer(await this.#nextLine());
    if (!answer.ok) {
      const { code, message, retry } = answer.error;
      throw new CodedError(code, message, { retry });
    }
    if (answer.id !== this.#id) throw new ControlError('E_CONTROL', 'The server answers what was not asked');
    return answer.value;
  }

  async #nextLine(): Promise<string> {
    const lost = 'The server closed the control connection before it answered: it was stopped, or does not answer';
    try {
      const { value } = await this.#lines.next();
      if (typeof value === 'string') return value;
    } catch (cause) {
      if (cause instanceof CodedError) throw cause;
      throw new ControlError('E_CONTROL', lost, { cause, retry: true });
    }
    throw new ControlError('E_CONTROL', lost, { retry: true });
  }
}
