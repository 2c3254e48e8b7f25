import { codeOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { ClientError, exitStatusOf } from './client-error.ts';
import type { CommandContext } from './command-context.ts';
import { commandTable } from './command-table.ts';
import { findCommand, nameShown } from './commands/help.ts';
import { Pipe, runInShell } from './local-shell.ts';
import { Output, type OutputWays } from './output.ts';
import { parseText, type Statement } from './parse-line.ts';
import { readArguments } from './read-arguments.ts';

/** What all commands of a line have in common; the rest belongs to each of them. */
export type ShellContext = Omit<CommandContext, 'output' | 'signal' | 'begin' | 'leave'>;

/** What a {@link Shell} takes from around it. */
export interface ShellSurroundings {
  readonly context: ShellContext;
  readonly ways: OutputWays;
  /** Begin a job with what was typed. */
  readonly begin: CommandContext['begin'];
  /** Lets a local program have the Ctrl-C that is pressed while it runs. */
  readonly lend: (work: () => Promise<void>) => Promise<void>;
}

/** Does what is typed, statement by statement. */
export class Shell {
  readonly #context: ShellContext;
  readonly #ways: OutputWays;
  readonly #begin: CommandContext['begin'];
  readonly #lend: ShellSurroundings['lend'];
  #isLeaving = false;

  constructor({ context, ways, begin, lend }: ShellSurroundings) {
    this.#context = context;
    this.#ways = ways;
    this.#begin = begin;
    this.#lend = lend;
  }

  /** Was it told to end? */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /**
   * Do what a text says. Failures are told, not thrown.
   *
   * @param signal breaks off what is under way, and what comes behind it
   * @param stops is nothing done behind a failure?
   * @returns the exit status of the first failure, or that of `done`
   */
  async run(text: string, signal: AbortSignal, stops: boolean): Promise<number> {
    const parsed = parseText(text);
    if ('fault' in parsed) {
      new Output(this.#ways).fail(new ClientError('E_COMMAND', `Nothing was done: ${parsed.fault}`));
      return exitStatus.usage;
    }
    let first: number = exitStatus.done;
    for (const statement of parsed.statements) {
      const status = await this.#do(statement, signal);
      if (first === exitStatus.done) first = status;
      if (this.#isLeaving || signal.aborted || (stops && first !== exitStatus.done)) break;
    }
    return first;
  }

  async #do(statement: Statement, signal: AbortSignal): Promise<number> {
    const name = statement.kind === 'shell' ? '!' : (statement.words[0]?.text ?? '');
    try {
      const { path } = this.#context.local;
      if (statement.kind === 'shell') await this.#lend(() => runInShell(statement.command, path, signal));
      else if (statement.isBackground) this.#inBackground(statement.source);
      else await this.#command(statement, signal);
      return exitStatus.done;
    } catch (error) {
      // Whoever ended a job is told that it was, with its number.
      const isTold = this.#context.isJob && codeOf(error) === 'E_INTERRUPTED' && !this.#ways.json();
      if (!isTold) new Output(this.#ways, nameShown(name)).fail(error);
      return exitStatusOf(error);
    }
  }

  #inBackground(source: string): void {
    const job = this.#begin(source, 'beside');
    new Output(this.#ways, '&').show({
      facts: { job: job.number, source: job.source },
      lines: [`[${job.number}] begun`],
    });
  }

  async #command({ words, rest, pipe }: Statement & { readonly kind: 'command' }, signal: AbortSignal): Promise<void> {
    const [first, ...others] = words;
    const command = findCommand(commandTable, first?.text ?? '', this.#context.columns);
    const call = readArguments(command, others, rest);
    if (command.needsLogin) this.#assertLogin();
    const hasPipe = pipe !== undefined && command.raw !== 'statement';
    const child = hasPipe ? new Pipe(pipe, this.#context.local.path) : undefined;
    const ways = child ? piped(this.#ways, child) : this.#ways;
    const context: CommandContext = {
      ...this.#context,
      output: new Output(ways, command.name),
      signal,
      begin: this.#begin,
      leave: () => {
        this.#isLeaving = true;
      },
    };
    try {
      await command.run(context, call);
    } finally {
      if (child) await this.#lend(() => child.end());
    }
  }

  /** @throws ClientError E_NO_LOGIN before anything is asked or read */
  #assertLogin(): void {
    void this.#context.session.far;
  }
}

/** What is shown goes to the local command; what is said of it does not. */
function piped(ways: OutputWays, child: Pipe): OutputWays {
  return {
    ...ways,
    line: (text) => void child.write([`${text}\n`]),
    content: (pieces) => child.write(pieces),
  };
}
