import { isUtf8 } from 'node:buffer';

/** A command line in its two parts (RFC 959 section 5.3). */
export interface Request {
  /** Upper case; `''` for an empty line or one that begins with a blank. */
  readonly verb: string;
  /** All that follows the one blank after the verb, blanks included: they may belong to a file name. */
  readonly argument: string;
}

/** Take a command line apart. */
export function parseRequest(line: string): Request {
  const blank = line.indexOf(' ');
  if (blank < 0) return { verb: line.toUpperCase(), argument: '' };
  return { verb: line.slice(0, blank).toUpperCase(), argument: line.slice(blank + 1) };
}

/** What {@link RequestReader} finds: a line, or why there is none to be shown. */
export type RequestLine =
  | { readonly kind: 'line'; readonly text: string }
  /** Told once a line, as soon as it is too long; the rest of it is swallowed. */
  | { readonly kind: 'too-long' }
  /** The bytes are not UTF-8 (RFC 2640 section 3.1): no name can be made of them that would be found again. */
  | { readonly kind: 'not-utf8' };

// A path has at most 4,096 bytes on the systems we know; servers in the field take 4 to 8 KiB.
const LONGEST_LINE = 8 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** Telnet's "interpret as command", and the range of its negotiations, which carry one more byte (RFC 854). */
const IAC = 0xff;
const WILL = 0xfb;
/** The lowest Telnet command byte. A stray one is what is left of an urgent mark; no verb begins with it. */
const LOWEST_COMMAND = 0xf0;

/** Cuts what arrives on a control connection into lines, one at a time and only when asked. */
export class RequestReader {
  readonly #longest: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Within a line that was told to be too long. */
  #isSwallowing = false;
  /** The last line ended with its CR: an LF that follows still belongs to it. */
  #owesLineFeed = false;

  constructor(longest = LONGEST_LINE) {
    this.#longest = longest;
  }

  /** Bytes that were taken in and not yet given out. */
  get waiting(): number {
    return this.#bytes.length - this.#at;
  }

  push(chunk: Buffer): void {
    this.#bytes = this.waiting === 0 ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** The next line without its end, or `undefined` when no whole one is there. */
  next(): RequestLine | undefined {
    this.#skipOwedLineFeed();
    for (let end = this.#bytes.indexOf(LF, this.#at); end >= 0; end = this.#bytes.indexOf(LF, this.#at)) {
      const line = this.#bytes.subarray(this.#at, end);
      this.#at = end + 1;
      if (this.#isSwallowing) this.#isSwallowing = false;
      else return line.length > this.#longest ? { kind: 'too-long' } : textOf(withoutEnd(line));
    }
    return this.#withoutLineFeed();
  }

  #skipOwedLineFeed(): void {
    if (!this.#owesLineFeed || this.waiting === 0) return;
    this.#owesLineFeed = false;
    if (this.#bytes[this.#at] === LF) this.#at += 1;
  }

  /** What can be told of a line whose end has not come. */
  #withoutLineFeed(): RequestLine | undefined {
    const rest = this.#bytes.subarray(this.#at);
    if (this.#isSwallowing || rest.length > this.#longest) {
      const told = this.#isSwallowing;
      this.#bytes = Buffer.alloc(0);
      this.#at = 0;
      this.#isSwallowing = true;
      return told ? undefined : { kind: 'too-long' };
    }
    return this.#urgentAbort(rest);
  }

  /**
   * A client that sends `ABOR` as urgent data has its last byte, the LF, taken out of the stream: Node cannot leave it
   * in (SO_OOBINLINE). So `ABOR` and CR are a whole line.
   */
  #urgentAbort(rest: Buffer): RequestLine | undefined {
    const line = withoutTelnet(rest);
    if (line.length !== 5 || line.toString('latin1').toUpperCase() !== 'ABOR\r') return undefined;
    this.#at = this.#bytes.length;
    this.#owesLineFeed = true;
    return { kind: 'line', text: line.toString('latin1', 0, 4) };
  }
}

function withoutEnd(line: Buffer): Buffer {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

function textOf(line: Buffer): RequestLine {
  const bytes = withoutTelnet(line);
  return isUtf8(bytes) ? { kind: 'line', text: bytes.toString('utf8') } : { kind: 'not-utf8' };
}

/** Drop Telnet commands, at the start of the line only: further on 0xF0 to 0xF4 are the first bytes of characters. */
function withoutTelnet(line: Buffer): Buffer {
  let at = 0;
  for (let byte = line[at]; byte !== undefined && byte >= LOWEST_COMMAND; byte = line[at]) {
    at += byte === IAC ? lengthOfCommand(line[at + 1]) : 1;
  }
  return line.subarray(at);
}

function lengthOfCommand(command = 0): number {
  if (command < LOWEST_COMMAND) return 1;
  return command >= WILL && command < IAC ? 3 : 2;
}
