// Control characters (C0, DEL, C1) can move a terminal's cursor or begin a new log line, and so can the two Unicode
// line separators.
const UNSAFE = /[\p{Cc}\u2028\u2029]/gu;

/** A text with everything that could disturb a terminal or a log line written as `\xHH` or `\u{HHHH}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (char) => escaped(char.charCodeAt(0)));
}

/**
 * A name that may not be valid UTF-8, safe to print: bytes that cannot be decoded become `\xHH`.
 *
 * @param bytes the name as the disk holds it
 */
export function printableBytes(bytes: Buffer): string {
  let shown = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    shown += length === 0 ? escaped(bytes[at] ?? 0) : printable(bytes.toString('utf8', at, at + length));
    at += Math.max(1, length);
  }
  return shown;
}

/** How many bytes from `at` on are one character of UTF-8 (RFC 3629 section 4); 0 where they are none. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1) {
    const part = bytes.subarray(at, at + length);
    if (Buffer.from(part.toString('utf8')).equals(part)) return length;
  }
  return 0;
}

function escaped(code: number): string {
  return code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}
