import type { Socket } from 'node:net';
import { type Clock, systemClock } from '../../base/clock.ts';
import { CodedError } from '../../base/coded-error.ts';
import { connectSocket } from '../../control/connect-socket.ts';
import { ControlError } from '../../control/control-error.ts';
import { lineOf, MOST_BYTES, readAnswer } from '../../control/messages.ts';
import { readLines } from '../../control/read-lines.ts';
import type { PeerAddress } from '../link/peer-address.ts';
import type { Forgotten } from '../link/pins.ts';
import { ANSWER_WITHIN_MS } from './answer-time.ts';
import type { ConflictView, KeptView, ShareDesk, ShareStatus, TrashView } from './share-desk.ts';

// One that works says by itself when it takes too long, and knows why; this is for one that was stopped in its tracks.
const PATIENCE_MS = ANSWER_WITHIN_MS + 5_000;

/** Asks a peer that runs in another process, once. */
export class DistantDesk implements ShareDesk {
  readonly #socket: Socket;
  readonly #clock: Clock;

  private constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  /**
   * Connect to the peer of a socket.
   *
   * @returns `undefined` when nobody listens there
   * @throws ControlError E_CONTROL
   */
  static async connect(path: string, clock: Clock = systemClock): Promise<DistantDesk | undefined> {
    const socket = await connectSocket(path);
    return socket === undefined ? undefined : new DistantDesk(socket, clock);
  }

  // What a peer of the same version answers is what the contract says.

  async status(): Promise<ShareStatus> {
    return (await this.#ask('status')) as ShareStatus;
  }

  async conflicts(): Promise<readonly ConflictView[]> {
    return (await this.#ask('conflicts')) as readonly ConflictView[];
  }

  async keep(names: readonly string[]): Promise<KeptView> {
    return (await this.#ask('keep', { names })) as KeptView;
  }

  async trash(): Promise<readonly TrashView[]> {
    return (await this.#ask('trash')) as readonly TrashView[];
  }

  async restore(name: string): Promise<string> {
    return (await this.#ask('restore', { name })) as string;
  }

  async trust({ address, port }: PeerAddress): Promise<Forgotten> {
    return (await this.#ask('trust', { address, port })) as Forgotten;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #ask(call: string, asked: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    this.#socket.write(lineOf({ id: 0, call, arguments: asked }));
    const forget = this.#clock.after(PATIENCE_MS, () => this.#socket.destroy());
    try {
      const answer = readAnswer(await this.#line());
      if (answer.ok) return answer.value;
      const { code, message, retry } = answer.error;
      throw new CodedError(code, message, { retry });
    } finally {
      forget();
    }
  }

  async #line(): Promise<string> {
    const lost = 'The running share closed the connection before it answered: it was stopped, or does not answer';
    try {
      for await (const line of readLines(this.#socket, () => MOST_BYTES)) return line;
    } catch (cause) {
      if (cause instanceof CodedError) throw cause;
      throw new ControlError('E_CONTROL', lost, { cause, retry: true });
    }
    throw new ControlError('E_CONTROL', lost, { retry: true });
  }
}
