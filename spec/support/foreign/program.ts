import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';

/** A foreign program that was started, with all the processes it starts itself. */
export class ForeignProgram {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';
  #stopped: Promise<void> | undefined;

  /** Its folder: it is removed when the specs end while the program still runs. */
  readonly home: string;

  /** Start it, at the head of a process group of its own, without input. */
  constructor(home: string, command: readonly [string, ...string[]], env: Readonly<Record<string, string>>) {
    const [program, ...args] = command;
    this.home = home;
    this.#child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#ended = once(this.#child, 'exit').catch((error: Error) => {
      this.#output += `${error.message}\n`;
    });
    running.add(this);
    if (running.size === 1) process.on('exit', killAll);
    void this.#ended.then(() => {
      running.delete(this);
      if (running.size === 0) process.off('exit', killAll);
    });
  }

  /** Its process id; 0 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote to its standard streams so far. */
  get output(): string {
    return this.#output;
  }

  /** The processes it has started and that are still there: one or two for each session. */
  sessions(): readonly number[] {
    const list = `/proc/${this.pid}/task/${this.pid}/children`;
    return existsSync(list) ? readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number) : [];
  }

  /** Aborted when the program has ended, by itself or not. */
  endSignal(): AbortSignal {
    const ending = new AbortController();
    void this.#ended.then(() => ending.abort(new Error('it ended')));
    return ending.signal;
  }

  /** End it and all its sessions; it has 5 seconds to do so itself. Stopping what has ended is harmless. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.kill('SIGTERM');
    const force = setTimeout(() => this.kill('SIGKILL'), 5_000);
    await this.#ended;
    clearTimeout(force);
    // Sessions may outlive the process that listened; their group is still theirs as long as one of them is there.
    this.kill('SIGKILL');
  }

  /** Send a signal to it and its sessions; harmless when they have ended. */
  kill(signal: NodeJS.Signals): void {
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

// A run that ends early, by process.exit or an error, must not leave servers behind.
const running = new Set<ForeignProgram>();

function killAll(): void {
  for (const program of running) {
    program.kill('SIGKILL');
    rmSync(program.home, { recursive: true, force: true });
  }
}
