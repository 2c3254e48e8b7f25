import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from '../../documents/pages.ts';
import type { BenchedServer } from './benched-server.ts';
import type { ServerRow } from './rows.ts';

/** What the clients tell when they have done their work once. */
export interface LoadResult {
  /** From the first command to the last reply. */
  readonly seconds: number;
  /** Processor time that the clients took for it, user and system. */
  readonly cpuSeconds: number;
  readonly faults: readonly string[];
}

/** The clients of one server, which do what a row says as often as they are told to. */
export class Load {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #errors = '';

  private constructor() {
    this.#child = spawn('python3', [join(repository, 'spec/bench/server/load.py')]);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    // They may end without having read their input; the answer that does not come tells of it.
    this.#child.stdin.on('error', () => undefined);
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /**
   * Have them log in; they stay so.
   *
   * @param source a file of as many bytes as each file has
   * @throws Error when not all of them get in
   */
  static async start(row: ServerRow, { host, port, user, password }: BenchedServer, source: string): Promise<Load> {
    const load = new Load();
    const { clients, verb, files, bytes, login } = row;
    const { faults } = await load.#ask({ host, port, user, password, clients, verb, files, bytes, login, source });
    if (faults.length === 0) return load;
    await load.stop();
    throw new Error(`the clients cannot log in: ${faults[0]}`);
  }

  /**
   * Have them do their work once.
   *
   * @param check the SHA-256 that every download must have; they look at each byte then, which costs time
   */
  work(check: string | null = null): Promise<LoadResult> {
    return this.#ask({ check });
  }

  /** Have them say goodbye, and wait until they are gone. Stopping twice is harmless. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin.end();
    await gone;
  }

  async #ask(what: object): Promise<LoadResult> {
    this.#child.stdin.write(`${JSON.stringify(what)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the clients have ended: ${this.#errors}`);
    return JSON.parse(value) as LoadResult;
  }
}
