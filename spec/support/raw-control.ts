import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One who speaks on a control socket without keeping any rule. */
export class RawControl {
  readonly socket: Socket;
  readonly #lines: string[] = [];
  #text = '';
  #wake: () => void = () => undefined;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => {
      const [first = '', ...more] = (this.#text + text).split('\n');
      this.#text = more.length === 0 ? first : (more.pop() ?? '');
      if (this.#text !== first || more.length > 0) this.#lines.push(first, ...more);
      this.#wake();
    });
    socket
      .on('error', () => undefined)
      .once('close', () => {
        this.#isClosed = true;
        this.#wake();
      });
  }

  static async open(path: string): Promise<RawControl> {
    const socket = connect({ path });
    const control = new RawControl(socket);
    await once(socket, 'connect');
    return control;
  }

  send(text: string | Buffer): void {
    this.socket.write(text);
  }

  /** The next answer; `undefined` when the server has hung up. */
  async answer(): Promise<unknown> {
    while (this.#lines.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const line = this.#lines.shift();
    return line === undefined ? undefined : JSON.parse(line);
  }

  /** Send a request, and take the next answer. */
  async ask(call: string, asked: unknown, id: unknown = 1): Promise<unknown> {
    this.send(`${JSON.stringify({ id, call, arguments: asked })}\n`);
    return this.answer();
  }

  /** The code of the next answer, when it is an error. */
  async code(call: string, asked: unknown): Promise<unknown> {
    return codeIn(await this.ask(call, asked));
  }

  async closed(): Promise<void> {
    if (!this.#isClosed) await once(this.socket, 'close');
  }

  close(): void {
    this.socket.destroy();
  }
}

/** The code of an answer that is an error. */
export function codeIn(answer: unknown): unknown {
  return (answer as { error?: { code?: unknown } } | undefined)?.error?.code;
}
