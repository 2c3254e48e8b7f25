import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** How a program is to be run; everything has a default. */
export interface RunOptions {
  readonly args?: readonly string[];
  /** Added to the environment of the specs; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Commands of the shell that go before, in the same process: `ulimit -n 64`. */
  readonly before?: string;
  /** Its whole standard input. Without it the input stays open: write to it with {@link RunningProgram.write}. */
  readonly stdin?: string;
}

/** How a program ended. Status and signal: one of them is `null`. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of ours that runs as a user would run it: a process of its own, seen from outside. */
export class RunningProgram {
  /** Fulfilled when it has ended and all its output has arrived. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';

  constructor(script: string, { args = [], env = {}, cwd, before, stdin }: RunOptions = {}) {
    const place = cwd === undefined ? {} : { cwd };
    const words = [process.execPath, script, ...args];
    const [program = '', ...rest] = before === undefined ? words : ['sh', '-c', `${before}; exec "$@"`, 'sh', ...words];
    this.#child = spawn(program, rest, { ...place, env: { ...process.env, ...env } });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      for (const look of this.#watchers) look();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      for (const look of this.#watchers) look();
    });
    // A program may end without having read its input.
    this.#child.stdin.on('error', () => undefined);
    if (stdin !== undefined) this.#child.stdin.end(stdin);
    this.ended = once(this.#child, 'close').then(([status, signal]) => {
      return { status, signal, stdout: this.#stdout, stderr: this.#stderr } as Ended;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote so far. */
  get output(): { readonly stdout: string; readonly stderr: string } {
    return { stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Write to its standard input, which stays open. */
  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Be told what it writes to its standard output from now on, as it comes. */
  onOutput(listener: (text: string) => void): void {
    this.#child.stdout.on('data', listener);
  }

  /** Send it a signal; harmless when it has ended. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /**
   * Wait for a whole line of its output that matches, in what is there already or in what comes.
   *
   * Lines of both streams are looked at, without colours and cursor movements.
   *
   * @param pattern without the flag `g`
   * @param withinMs so long it may take; a minute would outlast every spec
   * @returns the match
   * @throws Error with all the output when the program ends, or the time is over, before there is such a line
   */
  async waitForLine(pattern: RegExp, withinMs = 20_000): Promise<RegExpMatchArray> {
    const waiting = new AbortController();
    const over = AbortSignal.any([waiting.signal, AbortSignal.timeout(withinMs)]);
    void this.ended.then(() => waiting.abort(new Error('it ended')));
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = this.#lines()
          .map((line) => line.match(pattern))
          .find((found) => found !== null);
        if (match === undefined && !over.aborted) return;
        this.#watchers.delete(look);
        over.removeEventListener('abort', look);
        if (match) resolve(match);
        else reject(new Error(`no line ${pattern}: ${String(over.reason)}\n${this.#stdout}${this.#stderr}`));
      };
      this.#watchers.add(look);
      over.addEventListener('abort', look);
      look();
    });
  }

  /** End it at once, and wait until it has ended. Stopping what has ended is harmless. */
  async stop(): Promise<Ended> {
    this.signal('SIGKILL');
    return this.ended;
  }

  // What follows the last line break is not a line yet.
  #lines(): readonly string[] {
    return [this.#stdout, this.#stderr].flatMap((text) =>
      stripVTControlCharacters(text)
        .split(/\r?\n|\r/)
        .slice(0, -1),
    );
  }
}

/**
 * Run programs in the specs of the enclosing `describe`; whatever still runs after a spec is ended then.
 *
 * @returns a function that starts `node SCRIPT`, the script given as a path
 */
export function programs(): (script: string, options?: RunOptions) => RunningProgram {
  let started: RunningProgram[] = [];
  afterEach(async () => {
    const all = started;
    started = [];
    await Promise.all(all.map((program) => program.stop()));
  });
  return (script, options) => {
    const program = new RunningProgram(script, options);
    started.push(program);
    return program;
  };
}
