import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { CodedError, codeOf, type PlainError } from '../base/coded-error.ts';
import type { Administrator, CallName } from './calls.ts';
import { ControlError } from './control-error.ts';
import type { LoginGate } from './login-gate.ts';
import { lineOf, MOST_BYTES, MOST_BYTES_OF_STRANGERS, PROTOCOL, type Request, readRequest } from './messages.ts';
import { readLines } from './read-lines.ts';

/** What all connections of a control socket share. */
export interface ConnectionSettings {
  readonly logIn: (name: string, password: string) => Promise<Administrator | undefined>;
  readonly onFault: (error: unknown) => void;
  readonly gate: LoginGate;
  readonly clock: Clock;
}

// The tool logs in as soon as it is connected; eight of them may wait for each other, as long as the gate makes them.
const LOGIN_MS = 90_000;
const MOST_FAILURES = 3;

/** One connection of the administrator's tool: a login, and then one call after the other. Never refused. */
export class ControlConnection {
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #ended = new AbortController();
  #administrator: Administrator | undefined;
  #failures = 0;

  constructor(socket: Socket, settings: ConnectionSettings) {
    this.#socket = socket;
    this.#settings = settings;
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#ended.abort());
  }

  /** Has somebody logged in? */
  get isKnown(): boolean {
    return this.#administrator !== undefined;
  }

  /** Serve until the tool goes away or breaks a rule. */
  async run(): Promise<void> {
    void this.#watch();
    try {
      const most = () => (this.isKnown ? MOST_BYTES : MOST_BYTES_OF_STRANGERS);
      for await (const line of readLines(this.#socket, most)) {
        await this.#answer(readRequest(line));
        if (this.#failures >= MOST_FAILURES) break;
      }
    } catch (error) {
      // A line that is no request: the tool is broken, or it is none. Anything else is the end of the connection.
      if (error instanceof ControlError) await this.#send(null, { ok: false, error: plain(error) });
    } finally {
      await this.#administrator?.close();
      this.end();
    }
  }

  /** Hang up. */
  end(): void {
    this.#socket.destroy();
  }

  async #watch(): Promise<void> {
    await this.#settings.clock.wait(LOGIN_MS, this.#ended.signal);
    if (!this.isKnown) this.end();
  }

  async #answer(request: Request): Promise<void> {
    try {
      await this.#send(request.id, { ok: true, value: await this.#do(request) });
    } catch (error) {
      const known = error instanceof CodedError ? error : this.#fault(error);
      await this.#send(request.id, { ok: false, error: plain(known) });
    }
  }

  async #do({ call, arguments: asked }: Request): Promise<unknown> {
    if (call === 'login') return this.#logIn(asked);
    if (!this.#administrator) {
      this.#failures = MOST_FAILURES;
      throw new ControlError('E_ADMIN_LOGIN', 'The first call is login');
    }
    // Name and arguments are anything that is JSON: whoever does the calls checks both.
    return this.#administrator.call(call as CallName, asked as never);
  }

  async #logIn({ protocol, name, password }: Request['arguments']): Promise<unknown> {
    if (protocol !== PROTOCOL) {
      const message = `The server speaks protocol ${PROTOCOL} on its control socket: use the tool of the same version`;
      throw new ControlError('E_REQUEST', message);
    }
    if (typeof name !== 'string' || typeof password !== 'string') {
      throw new ControlError('E_REQUEST', 'A login needs a name and a password');
    }
    if (this.#administrator) throw new ControlError('E_REQUEST', 'Somebody has logged in already');
    const { gate, logIn } = this.#settings;
    this.#administrator = await gate.pass(() => logIn(name, password), this.#ended.signal);
    if (this.#administrator) return {};
    this.#failures += 1;
    throw new ControlError('E_ADMIN_LOGIN', 'The name or the password of the administrator is wrong');
  }

  #fault(error: unknown): ControlError {
    this.#settings.onFault(error);
    const what = codeOf(error) ?? 'a fault of the program';
    return new ControlError('E_CONTROL_FAULT', `The server could not do it: ${what}; its log tells more`);
  }

  async #send(
    id: number | null,
    answer: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: PlainError },
  ): Promise<void> {
    if (!this.#socket.writable) return;
    // Who does not read the answers gets no more of them, and is asked for nothing.
    if (this.#socket.write(lineOf({ id, ...answer }))) return;
    await once(this.#socket, 'drain', { signal: this.#ended.signal }).catch(() => undefined);
  }
}

function plain({ code, message, retry }: CodedError): PlainError {
  return { code, message, retry };
}
