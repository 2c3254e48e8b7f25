import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/**
 * A shell in a real terminal of 100 columns, which tmux gives it: what is shown there is recorded, and keys are typed.
 *
 * tmux is spoken to in its control mode: it tells what the terminal is sent as it comes, so that nobody has to look again and
 * again.
 */
export class TerminalSession {
  readonly #tmux: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  #unread = '';
  #shown = '';
  /** What was shown up to here has been waited for. */
  #seen = 0;
  #watch: () => void = () => undefined;

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    const words = [
      '-L',
      `filesmirror-${process.pid}-${performance.now()}`,
      '-f',
      '/dev/null',
      '-C',
      'new-session',
      '-x',
      '100',
      '-y',
      '30',
    ];
    // Without a file for its history: it would write one when it is ended, while its home is being removed.
    this.#tmux = spawn('tmux', [...words, 'PS1="shell: " HISTFILE= bash --norc --noprofile'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TERM: 'xterm', ...environment },
    });
    this.#ended = once(this.#tmux, 'close');
    this.#tmux.stdin.on('error', () => undefined);
    this.#tmux.stdout.setEncoding('latin1').on('data', (text: string) => this.#take(text));
  }

  /** @param environment besides PATH, LC_ALL and TERM */
  static async start(folder: string, environment: Readonly<Record<string, string>>): Promise<TerminalSession> {
    const session = new TerminalSession(folder, environment);
    await session.shows(/shell: $/);
    return session;
  }

  /** All that was shown so far. */
  get all(): string {
    return this.#shown;
  }

  /** Type a line. */
  type(line: string): void {
    this.keys(line);
    this.press('Enter');
  }

  /** Type a text. */
  keys(text: string): void {
    for (const piece of text.match(/[^']+|'/g) ?? []) {
      this.#say(piece === "'" ? `send-keys -l "'"` : `send-keys -l '${piece}'`);
    }
  }

  /** Press a key that tmux has a name for: `C-c`, `Tab`. */
  press(key: string): void {
    this.#say(`send-keys ${key}`);
  }

  /**
   * Wait until something is shown, behind what was waited for before.
   *
   * @param pattern without the flag `g`; of what was sent, without colours and cursor movements, line breaks as `\n`
   */
  async shows(pattern: RegExp, withinMs = 30_000): Promise<RegExpExecArray> {
    const late = AbortSignal.timeout(withinMs);
    late.addEventListener('abort', () => this.#watch());
    for (;;) {
      const match = pattern.exec(this.#shown.slice(this.#seen));
      if (match) {
        this.#seen += match.index + match[0].length;
        return match;
      }
      if (late.aborted) throw new Error(`the terminal does not show ${pattern}:\n${this.#shown.slice(this.#seen)}`);
      await new Promise<void>((resolve) => {
        this.#watch = resolve;
      });
    }
  }

  /** End the shell and all in it. */
  async end(): Promise<void> {
    this.#say('kill-server');
    await this.#ended;
  }

  #say(command: string): void {
    this.#tmux.stdin.write(`${command}\n`);
  }

  /** `%output %0 text`, in which a backslash and what is below a blank are three octal digits. */
  #take(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop() ?? '';
    for (const line of lines) {
      const [, sent] = /^%output %\d+ (.*)$/s.exec(line) ?? [];
      if (sent === undefined) continue;
      const bytes = sent.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 8)),
      );
      const plain = stripVTControlCharacters(Buffer.from(bytes, 'latin1').toString('utf8'));
      this.#shown += plain.replaceAll('\r\n', '\n');
    }
    this.#watch();
  }
}
