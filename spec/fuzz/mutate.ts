import type { SeededRandom } from '../support/seeded-random.ts';

/** Bytes that have broken servers: ends of lines and of strings, Telnet, quotes, patterns, formats, broken UTF-8. */
const NASTY: readonly string[] = [
  ...['\r', '\n', '\r\n', '\0', ' ', '\t', '"', '/', '..', '*', '?', '%s%n', '%0a', '|', ',', ';', '=', '-', '\\', '~'],
  ...[
    '\xff',
    '\xff\xff',
    '\xff\xf4\xff\xf2',
    '\xff\xfb\x01',
    '\xf2',
    '\xc3',
    '\xe2\x82',
    '\xf0\x9f\x90\x9a',
    '\x1b[2J',
  ],
  ...['0', '1', '-1', '65536', '4294967296', '9007199254740993', '99999999999999999999', '1e9', 'NaN', '{', '['],
];

/** A text (a byte a character) with some bytes of it changed, left out, doubled, or others put in. */
export function mutated(text: string, random: SeededRandom): string {
  let result = text;
  for (let left = random.integer(4); left >= 0; left -= 1) result = mutatedOnce(result, random);
  return result;
}

function mutatedOnce(text: string, random: SeededRandom): string {
  const at = random.integer(text.length + 1);
  const end = Math.min(text.length, at + 1 + random.integer(8));
  switch (random.integer(6)) {
    case 0:
      return text.slice(0, at) + random.pick(NASTY) + text.slice(at);
    case 1:
      return text.slice(0, at) + random.pick(NASTY) + text.slice(end);
    case 2:
      return text.slice(0, at) + text.slice(end);
    case 3:
      return text.slice(0, end) + text.slice(at, end).repeat(1 + random.integer(3)) + text.slice(end);
    case 4:
      return text.slice(0, at) + String.fromCharCode(random.integer(256)) + text.slice(end);
    default:
      // Long, and longer than anybody takes in.
      return text.slice(0, at) + random.pick(NASTY).repeat(random.pick([10, 300, 9_000])) + text.slice(at);
  }
}
