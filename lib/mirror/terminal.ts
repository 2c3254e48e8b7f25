import type { WriteStream } from 'node:tty';

/** Where lines go, and where a line that is drawn again and again may stand below them. */
export interface TerminalStreams {
  readonly out: Pick<NodeJS.WritableStream, 'write'>;
  readonly err: Pick<NodeJS.WritableStream, 'write'> & Partial<Pick<WriteStream, 'columns'>>;
}

const CLEAR_LINE = '\r\u001b[K';

/** Log lines on one stream and a live line on the other, when both are the same terminal: neither tears the other. */
export class Terminal {
  readonly #streams: TerminalStreams;
  #live = '';

  constructor(streams: TerminalStreams) {
    this.#streams = streams;
  }

  /** Write a whole line above the live one. */
  writeLine(line: string): void {
    if (this.#live !== '') this.#streams.err.write(CLEAR_LINE);
    this.#streams.out.write(`${line}\n`);
    if (this.#live !== '') this.#streams.err.write(this.#live);
  }

  /** Draw the live line anew, cut to the width of the terminal; `''` takes it away. */
  drawLive(text: string): void {
    const width = (this.#streams.err.columns ?? 80) - 1;
    const fitting = [...text].slice(0, width).join('');
    if (fitting === this.#live) return;
    this.#live = fitting;
    this.#streams.err.write(`${CLEAR_LINE}${fitting}`);
  }
}
