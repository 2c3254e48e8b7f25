import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** Somebody at a terminal who runs a program of ours: reads what is shown, and types. */
export class TerminalTalk {
  readonly #terminal: ChildProcessWithoutNullStreams;
  #shown = '';
  #seen = 0;
  #isClosed = false;
  readonly #closed: Promise<unknown>;

  /** @param words of a command line without blanks or quotes in them */
  constructor(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    // script(1) gives the program a terminal, and copies what is typed and shown.
    const command = ['node', ...words].join(' ');
    this.#terminal = spawn('script', ['-qfec', command, '/dev/null'], { env: { PATH: process.env['PATH'], ...env } });
    this.#terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
    });
    this.#terminal.stdin.on('error', () => undefined);
    this.#closed = once(this.#terminal, 'close').then(() => {
      this.#isClosed = true;
    });
  }

  /** All that was shown, without colours and cursor movements. */
  get shown(): string {
    return stripVTControlCharacters(this.#shown).replaceAll('\r', '');
  }

  /**
   * Wait until something is shown behind what was waited for last.
   *
   * @throws Error with all that was shown when the program ends before
   */
  async sees(text: string): Promise<void> {
    for (;;) {
      const at = this.shown.indexOf(text, this.#seen);
      if (at >= 0) {
        this.#seen = at + text.length;
        return;
      }
      if (this.#isClosed) throw new Error(`"${text}" was not shown:\n${this.shown}`);
      await Promise.race([once(this.#terminal.stdout, 'data'), this.#closed]);
    }
  }

  type(text: string): void {
    this.#terminal.stdin.write(text);
  }

  /** Wait for a question, and answer it. */
  async answer(question: string, text: string): Promise<void> {
    await this.sees(question);
    this.type(`${text}\r`);
  }

  /** @returns the exit status of the program */
  async ended(): Promise<number | null> {
    await this.#closed;
    return this.#terminal.exitCode;
  }

  /** End it at once; harmless when it has ended. */
  kill(): void {
    this.#terminal.kill('SIGKILL');
  }
}

/** Talk to programs in the specs of the enclosing `describe`; what still runs after a spec is ended then. */
export function terminals(): (words: readonly string[], env?: Readonly<Record<string, string>>) => TerminalTalk {
  let begun: TerminalTalk[] = [];
  afterEach(async () => {
    for (const talk of begun) talk.kill();
    await Promise.all(begun.map((talk) => talk.ended()));
    begun = [];
  });
  return (words, env) => {
    const talk = new TerminalTalk(words, env);
    begun.push(talk);
    return talk;
  };
}
