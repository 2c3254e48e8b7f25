/** A word of a command line. */
export interface Word {
  readonly text: string;
  /** The word where it stands for several names: what was quoted or escaped in it has a backslash, and means itself. */
  readonly pattern: string;
}

/** One thing to do. */
export type Statement =
  | {
      readonly kind: 'command';
      readonly words: readonly Word[];
      /** What stands behind the first word, as it was typed, the pipe included. */
      readonly rest: string;
      /** As it was typed, for the list of jobs. */
      readonly source: string;
      /** Was there an `&` behind it? */
      readonly isBackground: boolean;
      /** A command of the local shell that gets what this one shows. */
      readonly pipe?: string;
    }
  | {
      /** A command of the local shell; an empty one is the shell itself. */
      readonly kind: 'shell';
      readonly command: string;
      readonly source: string;
    };

/** All that a text says, or why nobody can tell what it says. */
export type ParsedText = { readonly statements: readonly Statement[] } | { readonly fault: string };

/**
 * Read what somebody typed, or a script.
 *
 * Blanks part words, `;` and line ends part statements. In single quotes everything means itself; in double quotes all but
 * `"` and `\`; a backslash makes the next character mean itself. `#` begins a comment where a statement may begin. `!` there
 * gives the rest of the line to the local shell. `&` and `|` count only where they stand between blanks, since names have
 * them, too: `R&D.txt`.
 */
export function parseText(text: string): ParsedText {
  try {
    return { statements: new Reader(text).statements() };
  } catch (error) {
    if (error instanceof Unreadable) return { fault: error.message };
    throw error;
  }
}

/** A name in such a form that it is read as one word that means itself. */
export function quoteWord(name: string): string {
  if (/^[\p{L}\p{N}_./,:@%+=~-]+$/u.test(name)) return name;
  return `"${name.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A text as a pattern that only it fits. */
function asPattern(text: string): string {
  return text.replaceAll(SPECIAL, '\\$&');
}

class Unreadable extends Error {}

const BLANK = /[ \t\r]/;
const SPECIAL = /[*?[\]\\]/g;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  statements(): readonly Statement[] {
    const all: Statement[] = [];
    while (this.#at < this.#text.length) {
      const next = this.#statement();
      if (next) all.push(next);
    }
    return all;
  }

  #statement(): Statement | undefined {
    this.#skipBlanks();
    const begin = this.#at;
    if (this.#peek() === '#') this.#restOfLine();
    if (this.#peek() === '!') {
      const source = this.#restOfLine();
      return { kind: 'shell', command: source.slice(1).trim(), source: source.trim() };
    }
    const words: Word[] = [];
    let restBegin = begin;
    let pipe: string | undefined;
    let isBackground = false;
    for (;;) {
      this.#skipBlanks();
      const end = this.#at;
      const isOver = this.#peek() === '' || this.#take(';') || this.#take('\n');
      isBackground = !isOver && this.#takeOperator('&');
      if (isOver || isBackground) {
        if (words.length === 0 && isBackground) throw new Unreadable('there is nothing before the &');
        if (words.length === 0) return undefined;
        const source = this.#text.slice(begin, end).trim();
        const rest = this.#text.slice(restBegin, end).trim();
        return { kind: 'command', words, rest, source, isBackground, ...(pipe === undefined ? {} : { pipe }) };
      }
      if (this.#takeOperator('|')) pipe = this.#shellText(words);
      else words.push(this.#word());
      if (words.length === 1 && pipe === undefined) restBegin = this.#at;
    }
  }

  /** Up to where the statement ends; quotes are left to the shell, but what is within them ends nothing. */
  #shellText(words: readonly Word[]): string {
    if (words.length === 0) throw new Unreadable('there is nothing before the |');
    this.#skipBlanks();
    const begin = this.#at;
    let quote = '';
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#peek();
      if (character === '\\' && quote !== "'") this.#at += 1;
      else if (quote !== '') quote = character === quote ? '' : quote;
      else if (character === '"' || character === "'") quote = character;
      else if (character === ';' || character === '\n' || this.#isLastSign('&')) break;
    }
    const command = this.#text.slice(begin, this.#at).trim();
    if (command === '') throw new Unreadable('there is nothing behind the |');
    return command;
  }

  #word(): Word {
    let text = '';
    let pattern = '';
    const add = (part: string) => {
      text += part;
      pattern += asPattern(part);
    };
    for (;;) {
      const character = this.#peek();
      if (character === '' || character === ';' || character === '\n' || BLANK.test(character)) {
        return { text, pattern };
      }
      this.#at += 1;
      if (character === "'") add(this.#until("'"));
      else if (character === '"') add(this.#doubleQuoted());
      else if (character === '\\') add(this.#escaped());
      else {
        text += character;
        pattern += character;
      }
    }
  }

  #until(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at);
    if (end < 0) throw new Unreadable(`a quote ${quote} is not closed`);
    const inside = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return inside;
  }

  #doubleQuoted(): string {
    let inside = '';
    for (let character = this.#next(); character !== '"'; character = this.#next()) {
      if (character === '') throw new Unreadable('a quote " is not closed');
      const isEscape = character === '\\' && /["\\]/.test(this.#peek());
      inside += isEscape ? this.#next() : character;
    }
    return inside;
  }

  #escaped(): string {
    if (this.#at >= this.#text.length) throw new Unreadable('there is nothing behind the last \\');
    return this.#next();
  }

  #restOfLine(): string {
    const end = this.#text.indexOf('\n', this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return line;
  }

  #takeOperator(sign: string): boolean {
    const behind = this.#text.charAt(this.#at + 1);
    return (behind === '' || /[ \t\r\n;]/.test(behind)) && this.#take(sign);
  }

  /** Is a sign the last one of the statement? `&&` is none. */
  #isLastSign(sign: string): boolean {
    if (this.#peek() !== sign || this.#text.charAt(this.#at - 1) === sign) return false;
    return /^[ \t\r]*(?:;|\n|$)/.test(this.#text.slice(this.#at + 1));
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipBlanks(): void {
    while (BLANK.test(this.#peek())) this.#at += 1;
  }

  #next(): string {
    const character = this.#peek();
    this.#at += 1;
    return character;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }
}
