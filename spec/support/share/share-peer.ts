import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { peakMemoryOf } from '../processes.ts';
import type { Ended, RunningProgram, RunOptions } from '../run-program.ts';
import { listensAt } from './sockets.ts';
import { untilTrue } from './until.ts';

const SCRIPT = join(process.cwd(), 'bin/share.js');

// A start on a machine that does a lot else.
const START_MS = 20_000;

// What was begun is brought to an end; far more than that takes.
const STOP_MS = 20_000;

/** Where a peer is. */
export interface SharePlace {
  /** The address that it is bound to: of the loopback, and its own. */
  readonly address: string;
  readonly port: number;
  /** In which it is started. */
  readonly folder: string;
  /** What it is given as `--ip`. */
  readonly others: readonly string[];
}

/** How a peer is started. */
export interface ShareStart extends Pick<RunOptions, 'before' | 'env'> {
  readonly encryption?: 'yes' | 'no';
  /** Another port than that of its place. */
  readonly port?: number;
  /** More words for its command line. */
  readonly args?: readonly string[];
}

/** One peer: a folder, and the program that runs in it now and then. */
export class SharePeer {
  readonly place: SharePlace;
  readonly #run: (script: string, options?: RunOptions) => RunningProgram;
  readonly #defaults: ShareStart;
  #programs: RunningProgram[] = [];

  constructor(place: SharePlace, run: (script: string, options?: RunOptions) => RunningProgram, defaults: ShareStart) {
    this.place = place;
    this.#run = run;
    this.#defaults = defaults;
    mkdirSync(place.folder, { recursive: true });
  }

  /** A path in its share; its folder `share` is made, so that something can be put there before the first start. */
  at(...names: readonly string[]): string {
    mkdirSync(join(this.place.folder, 'share'), { recursive: true });
    return join(this.place.folder, 'share', ...names);
  }

  /** A path in the folder of its state. */
  inState(...names: readonly string[]): string {
    return join(this.place.folder, '.left', ...names);
  }

  /** Start it without waiting for anything. */
  launch(start: ShareStart = {}): RunningProgram {
    const { address, others } = this.place;
    const { encryption = 'yes', port = this.place.port, args = [], ...options } = { ...this.#defaults, ...start };
    const words = ['--ip', others.join(','), '--encryption', encryption, '--bind', address, '--port', `${port}`];
    return this.runWith([...words, ...args], options);
  }

  /** Start the program with these words only. */
  runWith(args: readonly string[], options: RunOptions = {}): RunningProgram {
    const program = this.#run(SCRIPT, { ...options, cwd: this.place.folder, args });
    this.#programs.push(program);
    return program;
  }

  /** Start it, and wait until it listens. */
  async start(start: ShareStart = {}): Promise<void> {
    const program = this.launch(start);
    const { address, port } = this.place;
    let isOver = false;
    void program.ended.then(() => {
      isOver = true;
    });
    await untilTrue(
      () => isOver || listensAt(address, port),
      START_MS,
      () => `${address} listens\n${this.log}`,
    );
    if (isOver) throw new Error(`${address} has ended:\n${this.log}`);
  }

  /** End it in order. */
  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<Ended> {
    const program = this.program;
    program.signal(signal);
    let ended: Ended | undefined;
    void program.ended.then((end) => {
      ended = end;
    });
    await untilTrue(
      () => ended !== undefined,
      STOP_MS,
      () => `${this.place.address} ends\n${this.log}`,
    );
    return program.ended;
  }

  /** End it as a failure of the machine does. */
  async kill9(): Promise<void> {
    await this.program.stop();
  }

  /** What runs, or ran last. */
  get program(): RunningProgram {
    const program = this.#programs.at(-1);
    if (program === undefined) throw new Error('it was never started');
    return program;
  }

  /** All that it ever said, without colours. */
  get log(): string {
    const texts = this.#programs.map(({ output: { stdout, stderr } }) => stdout + stderr);
    return stripVTControlCharacters(texts.join('--- started again\n'));
  }

  /** The most memory that it has held, in bytes. */
  get peak(): number {
    return peakMemoryOf(this.program.pid);
  }

  /** The memory that it holds, in bytes. */
  get memory(): number {
    const status = readFileSync(`/proc/${this.program.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1]) * 1024;
  }
}
