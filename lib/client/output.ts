import { codeOf, messageOf } from '../base/coded-error.ts';
import { showText } from '../base/show-text.ts';

/** What a command shows: facts for machines, lines for people. */
export interface Shown {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** Where the client's words go. */
export interface OutputWays {
  /** A line of what was asked for. */
  readonly line: (text: string) => void;
  /** A line of what went wrong, or of what is going on. */
  readonly note: (text: string) => void;
  /** Content of a file, as it is. Fulfilled when there is room for more. @returns does anybody want more? */
  readonly content: (pieces: readonly Buffer[]) => Promise<boolean>;
  /** One JSON object a line instead of text. */
  readonly json: () => boolean;
}

/** What a command has to say, as text or as JSON. */
export class Output {
  readonly #ways: OutputWays;
  readonly #command: string;

  /** @param command whose output it is, for JSON */
  constructor(ways: OutputWays, command = '') {
    this.#ways = ways;
    this.#command = command;
  }

  /** The same output for a command. */
  of(command: string): Output {
    return new Output(this.#ways, command);
  }

  get isJson(): boolean {
    return this.#ways.json();
  }

  /** What was asked for. Lines must be fit for a terminal already: see {@link shownName}. */
  show({ facts, lines }: Shown): void {
    if (this.isJson) this.#ways.line(JSON.stringify({ command: this.#command, ok: true, ...facts }));
    else for (const line of lines) this.#ways.line(line);
  }

  /** Content of a file as it is, without JSON around it. @returns does anybody want more? */
  content(pieces: readonly Buffer[]): Promise<boolean> {
    return this.#ways.content(pieces);
  }

  /** Something worth a line beside what was asked for, and no failure. */
  note(text: string): void {
    if (this.isJson) this.show({ facts: { warning: text }, lines: [] });
    else this.#ways.note(text);
  }

  /** What went wrong. */
  fail(error: unknown): void {
    const message = messageOf(error);
    if (this.isJson)
      this.#ways.line(JSON.stringify({ command: this.#command, ok: false, code: codeOf(error), message }));
    else for (const line of message.split('\n')) this.#ways.note(shownName(line));
  }
}

// showText is for texts between quotes; a name stands alone, and quotes and backslashes in it say nothing else.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A name of a server or of this machine, fit for a terminal: control characters, and those that turn the direction of
 * writing, are escaped.
 */
export function shownName(name: string): string {
  return name.replaceAll(UNSAFE, (character) => showText(character));
}
