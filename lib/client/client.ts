import { createInterface } from 'node:readline';
import { type Clock, systemClock } from '../base/clock.ts';
import { exitStatus } from '../base/exit-status.ts';
import { Terminal } from '../base/terminal.ts';
import { Bookmarks } from './bookmarks.ts';
import { ClientError } from './client-error.ts';
import { Completion } from './completion.ts';
import { History } from './history.ts';
import type { Interrupts } from './interrupts.ts';
import { type Job, JobList } from './job-list.ts';
import { LocalFolder } from './local-folder.ts';
import { written } from './local-shell.ts';
import { Logins, type Said } from './logins.ts';
import { type OutputWays, shownName } from './output.ts';
import type { ClientParameters } from './parameters.ts';
import { quoteWord } from './parse-line.ts';
import { Prompt } from './prompt.ts';
import { Questions } from './questions.ts';
import { withoutSecret } from './secret-line.ts';
import { Session } from './session.ts';
import { Settings } from './settings.ts';
import { Shell, type ShellContext } from './shell.ts';
import type { Surroundings } from './surroundings.ts';
import { TransferShow } from './transfer-show.ts';

// PASS and ACCT of RFC 959, and what servers have to change a password: SITE PSWD, SITE PASSWD.
const SAID_SECRET = /^(> *(?:pass|acct|site +\S*p(?:ass)?s?w\S*)) .*/i;

/** What a {@link Client} takes from around it. */
export interface ClientSurroundings {
  readonly surroundings: Surroundings;
  readonly interrupts: Interrupts;
  /** Where what was asked for goes. */
  readonly output: NodeJS.WritableStream;
}

/** The client at work: what is typed, or a script, and the jobs beside it. */
export class Client {
  readonly #parameters: ClientParameters;
  readonly #surroundings: Surroundings;
  readonly #interrupts: Interrupts;
  readonly #output: NodeJS.WritableStream;
  readonly #clock: Clock = systemClock;
  readonly #terminal: Terminal;
  readonly #settings: Settings;
  readonly #jobs: JobList;
  readonly #context: ShellContext;
  readonly #shell: Shell;
  readonly #prompt: Prompt;
  /** How many commands of the command line are still to be done. */
  #inArguments: number;
  /** Said by jobs while somebody types: a line in the midst of what is typed would tear it. */
  readonly #held: string[] = [];

  constructor(parameters: ClientParameters, { surroundings, interrupts, output }: ClientSurroundings) {
    this.#parameters = parameters;
    this.#surroundings = surroundings;
    this.#interrupts = interrupts;
    this.#output = output;
    this.#inArguments = parameters.options.command.length;
    this.#terminal = new Terminal({ out: output, err: process.stderr });
    this.#settings = new Settings(parameters.options, parameters.texts);
    this.#jobs = new JobList((job) => this.#jobEnded(job));
    this.#context = this.#makeContext();
    this.#shell = new Shell({
      context: this.#context,
      ways: this.#ways(),
      begin: (source, place) => this.#begin(source, place, this.#context),
      lend: (work) => interrupts.lend(work),
    });
    this.#prompt = new Prompt({
      input: process.stdin,
      output: process.stdout,
      history: new History(this.#settings.values.history ? parameters.stateFolder : undefined),
      completion: new Completion(this.#context),
    });
  }

  /** @returns the exit status */
  async run(): Promise<number> {
    const { address, scripts } = this.#parameters;
    try {
      const opened = address === undefined ? exitStatus.done : await this.#do(`open ${quoteWord(address)}`, true);
      if (this.#isTyping) return await this.#typed();
      const status = opened === exitStatus.done ? await this.#scripted(scripts) : opened;
      if (status === exitStatus.interrupted || this.#interrupts.ending !== undefined) return status;
      const left = await this.#jobsLeft();
      return status === exitStatus.done ? left : status;
    } finally {
      this.#jobs.killAll();
      await this.#context.session.close();
      this.#terminal.flush();
    }
  }

  get #isTyping(): boolean {
    return this.#parameters.scripts === undefined && this.#surroundings.isTyped;
  }

  /** Where what is done now was said. */
  get #said(): Said {
    if (this.#isTyping) return 'terminal';
    return this.#inArguments > 0 ? 'arguments' : 'script';
  }

  async #typed(): Promise<number> {
    while (!this.#shell.isLeaving && this.#interrupts.ending === undefined) {
      for (const line of this.#held.splice(0)) this.#terminal.writeLine(line);
      this.#terminal.flush();
      const line = await this.#prompt.line(`${shownName(this.#context.session.prompt ?? 'miniftp')}> `);
      if (line === undefined) break;
      await this.#do(line, true);
    }
    await this.#jobsLeft();
    return this.#interrupts.ending ?? exitStatus.done;
  }

  /** Texts one by one, or the lines that come from a pipe. */
  async #scripted(scripts: readonly string[] | undefined): Promise<number> {
    const stops = !this.#settings.values['keep-going'];
    let first: number = exitStatus.done;
    for await (const text of scripts ?? createInterface({ input: process.stdin })) {
      const status = await this.#do(text, stops);
      this.#inArguments -= 1;
      if (first === exitStatus.done) first = status;
      const isOver =
        this.#shell.isLeaving || status === exitStatus.interrupted || this.#interrupts.ending !== undefined;
      if (isOver || (stops && first !== exitStatus.done)) break;
    }
    // Whoever writes to a pipe may keep it open to hear how it ended.
    if (scripts === undefined) process.stdin.destroy();
    return this.#interrupts.ending ?? first;
  }

  async #do(text: string, stops: boolean): Promise<number> {
    const signal = this.#interrupts.begin();
    try {
      return await this.#shell.run(text, signal, stops);
    } finally {
      this.#interrupts.end();
      this.#terminal.flush();
    }
  }

  /** What was begun is finished first; Ctrl-C ends it. @returns the first status of theirs that is not `done` */
  async #jobsLeft(): Promise<number> {
    const { open } = this.#jobs;
    if (open.length > 0)
      this.#ways().note(
        `Waiting for ${open.length === 1 ? 'a job; Ctrl-C ends it' : `${open.length} jobs; Ctrl-C ends them`}`,
      );
    const signal = this.#interrupts.begin();
    const status = await this.#jobs.wait(undefined, signal);
    if (signal.aborted) {
      this.#jobs.killAll();
      await this.#jobs.wait(undefined);
    }
    this.#interrupts.end();
    for (const line of this.#held.splice(0)) this.#terminal.writeLine(line);
    return signal.aborted ? (this.#interrupts.ending ?? exitStatus.interrupted) : status;
  }

  #makeContext(): ShellContext {
    const { stateFolder } = this.#parameters;
    const trace = { isOn: false };
    const surroundings = this.#surroundings;
    const shows = this.#settings.values.progress ?? surroundings.isWatched;
    return {
      trace,
      get columns() {
        return surroundings.columns;
      },
      settings: this.#settings,
      session: new Session({
        settings: this.#settings,
        clock: this.#clock,
        random: Math.random,
        trace: (text) => trace.isOn && this.#trace(text),
      }),
      local: new LocalFolder(this.#surroundings.cwd, this.#surroundings.home),
      show: new TransferShow({
        clock: this.#clock,
        ...(shows ? { line: this.#terminal } : {}),
      }),
      questions: new Questions(
        this.#surroundings.isTyped ? (question) => this.#prompt.ask(question) : undefined,
        () => this.#settings.values.yes,
      ),
      bookmarks: new Bookmarks(stateFolder),
      logins: new Logins(this.#settings, this.#surroundings, () => this.#said, this.#parameters.address !== undefined),
      jobs: this.#jobs,
      isJob: false,
    };
  }

  #ways(): OutputWays {
    return {
      line: (text) => this.#terminal.writeLine(text),
      note: (text) => {
        this.#terminal.flush();
        // That what goes on is broken off for it needs no word of its own.
        if (!this.#interrupts.hasLostOutput) process.stderr.write(`${text}\n`);
      },
      content: async (pieces) => {
        this.#terminal.flush();
        for (const piece of pieces) await written(this.#output, piece);
        return this.#interrupts.ending === undefined;
      },
      json: () => this.#settings.values.json,
    };
  }

  /** A job has a connection, folders and settings of its own: what is typed meanwhile does not reach it. */
  #begin(source: string, place: 'beside' | 'behind', from: ShellContext): Job {
    const settings = from.settings.copy();
    const session = from.session.copy(settings);
    const show = new TransferShow({ clock: this.#clock });
    const context: ShellContext = {
      ...from,
      ...{ settings, session, show },
      local: from.local.copy(),
      questions: new Questions(undefined, () => settings.values.yes),
      isJob: true,
    };
    const usual = this.#ways();
    const content = () =>
      Promise.reject(new ClientError('E_COMMAND', 'cat shows nothing in a job: pipe it or fetch it'));
    const shell = new Shell({
      context,
      ways: {
        line: (text) => this.#hold(text, usual.line),
        note: (text) => this.#hold(text, usual.note),
        content,
        json: () => settings.values.json,
      },
      begin: (more, where) => this.#begin(more, where, context),
      // Nothing that is typed waits for its local programs.
      lend: (work) => work(),
    });
    const run = (signal: AbortSignal) => shell.run(source, signal, true).finally(() => session.close());
    return this.#jobs.begin(withoutSecret(source), place, { run, progress: () => show.current });
  }

  #jobEnded({ number, state, source }: Job): void {
    if (!this.#settings.values.json) this.#hold(`[${number}] ${state}: ${shownName(source)}`, this.#ways().line);
  }

  #hold(line: string, write: OutputWays['line']): void {
    if (this.#isTyping) this.#held.push(line);
    else write(line);
  }

  #trace(text: string): void {
    for (const line of text.trimEnd().split('\n')) {
      // The library leaves out PASS as it is sent at a login; what is quoted is typed as one likes.
      process.stderr.write(`${shownName(line.replace(SAID_SECRET, '$1 ###').trimEnd())}\n`);
    }
  }
}
