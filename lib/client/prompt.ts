import { createInterface, type Interface } from 'node:readline';
import type { Completion } from './completion.ts';
import type { History } from './history.ts';

/** What a {@link Prompt} works with. */
export interface PromptSurroundings {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly history: History;
  readonly completion: Completion;
}

/**
 * Asks for lines on a terminal.
 *
 * The terminal belongs to it only while it waits for one: in between Ctrl-C comes as a signal, and commands of the local
 * shell have the terminal for themselves.
 */
export class Prompt {
  readonly #around: PromptSurroundings;
  /** Lines that came in one go with one before, as when text is pasted. */
  readonly #waiting: string[] = [];
  #begun = '';

  constructor(surroundings: PromptSurroundings) {
    this.#around = surroundings;
  }

  /** The next line; `''` after Ctrl-C, `undefined` after Ctrl-D or at the end of the input. */
  async line(question: string): Promise<string | undefined> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    const { history, completion } = this.#around;
    const lines = createInterface({
      input: this.#around.input,
      output: this.#around.output,
      terminal: true,
      history: [...history.lines].reverse(),
      historySize: 1000,
      removeHistoryDuplicates: true,
      prompt: question,
      completer: (line: string, done: (error: Error | null, result: [string[], string]) => void) => {
        void completion.complete(line).then(([candidates, word]) => done(null, [[...candidates], word]));
      },
    });
    lines.prompt();
    lines.write(this.#begun);
    this.#begun = '';
    const line = await this.#read(lines);
    if (line !== undefined) history.add(line);
    return line;
  }

  /** A line that is no command: it is not remembered, and nothing is completed. */
  ask(question: string): Promise<string | undefined> {
    const { input, output } = this.#around;
    const lines = createInterface({ input, output, terminal: true, historySize: 0, prompt: question });
    lines.prompt();
    return this.#read(lines);
  }

  #read(lines: Interface): Promise<string | undefined> {
    return new Promise((resolve) => {
      let first: string | undefined;
      lines.on('line', (line) => {
        if (first !== undefined) {
          this.#waiting.push(line);
          return;
        }
        first = line;
        // What came in the same go is told right behind it.
        setImmediate(() => {
          this.#begun = lines.line;
          lines.close();
        });
      });
      lines.on('SIGINT', () => {
        first ??= '';
        this.#around.output.write('\n');
        lines.close();
      });
      lines.on('close', () => {
        // Behind Ctrl-D the cursor is still in the line of the question.
        if (first === undefined) this.#around.output.write('\n');
        resolve(first);
      });
    });
  }
}
