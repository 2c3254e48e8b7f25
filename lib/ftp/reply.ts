import { FtpError, shown } from './ftp-error.ts';

/** A whole reply of a server (RFC 959 section 4.2). */
export interface Reply {
  /** Its three digits, 100 to 699 (6xx are the protected replies of RFC 2228). */
  readonly code: number;
  /** Its text without the code, one string a line; at least one, which may be empty. */
  readonly lines: readonly string[];
}

/**
 * The text of a reply, ready to be sent.
 *
 * All lines between the first and the last get a leading blank: FEAT (RFC 2389) and MLST (RFC 3659) ask for it, and it
 * keeps a line that begins with digits from being taken for the end. A CR, LF or NUL within a line is shown as `?`, so
 * that no name can forge a reply.
 */
export function formatReply(code: number, text: string | readonly string[]): string {
  if (typeof text === 'string') return `${code} ${oneLine(text)}\r\n`;
  const last = text.length - 1;
  if (last <= 0) return `${code} ${oneLine(text[0] ?? '')}\r\n`;
  return text
    .map(oneLine)
    .map((line, index) => {
      if (index === 0) return `${code}-${line}\r\n`;
      return index === last ? `${code} ${line}\r\n` : ` ${line}\r\n`;
    })
    .join('');
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, '?');
}

// The longest honest replies are HELP and FEAT with a few kilobytes and STAT of a folder; a server that sends more
// without an end is broken or wants to fill the memory.
const MOST_CHARACTERS = 256 * 1024;

/**
 * Makes replies of what a server sends, wherever the network cut it.
 *
 * After an error the control connection is out of step: close it, and drop the parser with it.
 */
export class ReplyParser {
  readonly #mostCharacters: number;
  #rest = '';
  #open: { readonly code: string; readonly lines: string[] } | undefined;
  #size = 0;

  constructor(mostCharacters = MOST_CHARACTERS) {
    this.#mostCharacters = mostCharacters;
  }

  /** Is a reply begun but not ended? */
  get isWithinReply(): boolean {
    return this.#open !== undefined || this.#rest !== '';
  }

  /**
   * Take what has arrived, and give the replies that are whole now, in order.
   *
   * @throws FtpError E_MALFORMED for a line that begins no reply; E_TOO_LONG for a reply that does not end. Whole
   *   replies that came in the same piece are lost with it
   */
  feed(chunk: string): readonly Reply[] {
    const replies: Reply[] = [];
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const reply = this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (reply) replies.push(reply);
    }
    this.#checkSize(this.#rest.length);
    return replies;
  }

  #take(line: string): Reply | undefined {
    this.#checkSize(line.length);
    return this.#open ? this.#takeWithin(line, this.#open) : this.#takeFirst(line);
  }

  #takeFirst(line: string): Reply | undefined {
    // Between replies some servers send an empty line; it cannot be mistaken for anything.
    if (line === '') return undefined;
    const [, code, mark] = /^([1-6][0-9]{2})($|[ -])/.exec(line) ?? [];
    if (code === undefined) throw new FtpError('E_MALFORMED', `This line of the server is no reply: ${shown(line)}`);
    if (mark !== '-') return { code: Number(code), lines: [line.slice(4)] };
    this.#open = { code, lines: [line.slice(4)] };
    this.#size = line.length;
    return undefined;
  }

  /** Only the code the reply began with, followed by a blank or nothing, ends it: other digits are text. */
  #takeWithin(line: string, { code, lines }: { readonly code: string; readonly lines: string[] }): Reply | undefined {
    const isPrefixed = line.startsWith(code);
    lines.push(isPrefixed && /^[ -]?$/.test(line.charAt(3)) ? line.slice(4) : line);
    // Each line counts for at least one character, or a flood of empty ones would cost memory for nothing.
    this.#size += line.length + 1;
    if (!isPrefixed || (line.charAt(3) !== ' ' && line.length > 3)) return undefined;
    this.#open = undefined;
    this.#size = 0;
    return { code: Number(code), lines };
  }

  #checkSize(more: number): void {
    if (this.#size + more <= this.#mostCharacters) return;
    throw new FtpError('E_TOO_LONG', `A reply of the server has no end within ${this.#mostCharacters} characters`);
  }
}
