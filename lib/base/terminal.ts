import type { WriteStream } from 'node:tty';
import { cutToWidth } from './cut-to-width.ts';

/** Where lines go, and where a line that is drawn again and again may stand below them. */
export interface TerminalStreams {
  readonly out: Pick<NodeJS.WritableStream, 'write'>;
  readonly err: Pick<NodeJS.WritableStream, 'write'> & Partial<Pick<WriteStream, 'columns'>>;
}

// A terminal that does not know its width says 0, and one behind a program that records it often does.
const USUAL_COLUMNS = 80;

const CLEAR_LINE = '\r\u001b[K';

/**
 * Log lines on one stream and a live line on the other, when both are the same terminal: neither tears the other.
 *
 * Lines that come in one go are written in one go: with thousands of them a second each write costs more than its line.
 */
export class Terminal {
  readonly #streams: TerminalStreams;
  #live = '';
  /** Lines that are not written yet. */
  #lines = '';

  constructor(streams: TerminalStreams) {
    this.#streams = streams;
  }

  /** Write a whole line above the live one, as soon as what goes on now is over. */
  writeLine(line: string): void {
    // No later: what is done next may be a program that writes by itself.
    if (this.#lines === '') queueMicrotask(() => this.flush());
    this.#lines += `${line}\n`;
  }

  /** Write what is not written yet, at once: for who is about to end the process. */
  flush(): void {
    const lines = this.#lines;
    if (lines === '') return;
    this.#lines = '';
    if (this.#live !== '') this.#streams.err.write(CLEAR_LINE);
    this.#streams.out.write(lines);
    if (this.#live !== '') this.#streams.err.write(this.#live);
  }

  /** How many columns of the terminal the live line may fill: in the last one some begin a new line, which could not be taken away. */
  get columns(): number {
    return (this.#streams.err.columns || USUAL_COLUMNS) - 1;
  }

  /**
   * Draw the live line anew, cut to the width of the terminal; `''` takes it away.
   *
   * @param text without control characters
   */
  drawLive(text: string): void {
    const fitting = cutToWidth(text, this.columns);
    if (fitting === this.#live) return;
    this.flush();
    this.#live = fitting;
    this.#streams.err.write(`${CLEAR_LINE}${fitting}`);
  }
}
