import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inOwnNetwork } from '../lab/lab.ts';
import type { ServerTask, Turn } from './measured-server.ts';

/** What the process of a lane writes. */
export type LaneMessage =
  /** The work was done untimed; what was wrong with it. */
  | { readonly ready: readonly string[] }
  | { readonly turn: Turn }
  /** It ends. */
  | { readonly failure: string };

const PROGRAM = fileURLToPath(new URL('server-process.js', import.meta.url));

/** A server of a row with its clients, in a process and a network of its own: what it leaves behind there troubles no other. */
export class ServerLane {
  readonly #child: ChildProcess;
  readonly #messages: AsyncIterator<string>;

  private constructor(task: ServerTask) {
    const [program, ...args] = [...inOwnNetwork, process.execPath, PROGRAM, JSON.stringify(task)];
    // Its input is what it lives on: it ends, and takes all it has started with it, also when this process is killed.
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdin?.on('error', () => undefined);
    const lines = createInterface({ input: this.#child.stdout ?? process.stdin });
    this.#messages = lines[Symbol.asyncIterator]();
  }

  /** Start it. @returns it, warm, and what was wrong so far */
  static async open(task: ServerTask): Promise<{ readonly lane: ServerLane; readonly faults: readonly string[] }> {
    const lane = new ServerLane(task);
    const message = await lane.#next();
    return { lane, faults: 'ready' in message ? message.ready : [] };
  }

  /** Have the work done once. */
  async turn(): Promise<Turn> {
    this.#child.stdin?.write('\n');
    const message = await this.#next();
    if ('turn' in message) return message.turn;
    throw new Error('there was no turn');
  }

  /** End it with all that belongs to it. Closing twice is harmless. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await gone;
  }

  /** @throws Error what it failed with */
  async #next(): Promise<LaneMessage> {
    const { value, done } = await this.#messages.next();
    const message = done ? { failure: 'its process has ended' } : (JSON.parse(value) as LaneMessage);
    if (!('failure' in message)) return message;
    await this.close();
    throw new Error(message.failure);
  }
}
