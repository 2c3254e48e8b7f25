/**
 * The character classes of POSIX.1 section 7.3.1 for ASCII, as what stands in the brackets of a regular expression.
 * Written out here because picomatch 4 forgets the backslash in its own `punct`.
 */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', 'A-Za-z0-9'],
  ['alpha', 'A-Za-z'],
  ['blank', '\\x09\\x20'],
  ['cntrl', '\\x00-\\x1f\\x7f'],
  ['digit', '0-9'],
  ['graph', '\\x21-\\x7e'],
  ['lower', 'a-z'],
  ['print', '\\x20-\\x7e'],
  ['punct', '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e'],
  ['space', '\\x09-\\x0d\\x20'],
  ['upper', 'A-Z'],
  ['xdigit', 'A-Fa-f0-9'],
]);

/** What a part of a pattern is made of: `text` is ready for picomatch, `length` is what it took of the pattern. */
interface Token {
  readonly text: string;
  readonly length: number;
}

/**
 * One part of a pattern (what stands between two `/`) as a glob for picomatch that means the same.
 *
 * A pattern knows `*`, `?`, brackets and backslashes only; braces, quotes, parentheses and all else that picomatch holds
 * for special are plain characters. So each character that is no letter or digit is given by its number.
 *
 * @throws SyntaxError whose message is the reason
 */
export function globOfPart(part: string): string {
  let glob = '';
  for (let at = 0; at < part.length; ) {
    const token = tokenAt(part, at);
    glob += token.text;
    at += token.length;
  }
  return glob;
}

function tokenAt(part: string, at: number): Token {
  const stars = /^\*+/.exec(part.slice(at));
  if (stars) return { text: '*', length: stars[0].length };
  if (part[at] === '?') return { text: '?', length: 1 };
  if (part[at] === '[') return bracketAt(part, at);
  return literalAt(part, at);
}

function literalAt(part: string, at: number): Token {
  if (part[at] !== '\\') return { text: numbered(part[at] ?? ''), length: 1 };
  const next = part[at + 1];
  if (next === undefined) throw new SyntaxError('nothing follows the last backslash');
  return { text: numbered(next), length: 2 };
}

function bracketAt(part: string, begin: number): Token {
  const negated = part[begin + 1] === '!' || part[begin + 1] === '^';
  const first = begin + (negated ? 2 : 1);
  let items = '';
  let at = first;
  // A closing bracket right at the beginning is an item.
  while (part[at] !== ']' || at === first) {
    if (at >= part.length) throw new SyntaxError('a [ has no closing ]');
    const item = itemAt(part, at);
    items += item.text;
    at += item.length;
  }
  // A range such as +-9 holds the slash, and a bracket must never match one.
  return { text: `(?!\\x2f)[${negated ? '^' : ''}${items}]`, length: at + 1 - begin };
}

function itemAt(part: string, at: number): Token {
  const name = /^\[:([^\]]*):\]/.exec(part.slice(at));
  if (name) return classNamed(name);
  const low = characterAt(part, at);
  const dash = at + low.length;
  const end = part[dash + 1];
  if (part[dash] !== '-' || end === undefined || end === ']') return { ...low, text: numbered(low.text) };
  const high = characterAt(part, dash + 1);
  if (Number(low.text.codePointAt(0)) > Number(high.text.codePointAt(0))) {
    throw new SyntaxError(`the range ${low.text}-${high.text} is the wrong way round`);
  }
  return { text: `${numbered(low.text)}-${numbered(high.text)}`, length: low.length + 1 + high.length };
}

function classNamed([whole, name = '']: RegExpExecArray): Token {
  const text = CLASSES.get(name);
  if (text === undefined) throw new SyntaxError(`there is no class ${whole}`);
  return { text, length: whole.length };
}

/** The character at `at`, whole where it takes two units of UTF-16, and without the backslash that escapes it. */
function characterAt(part: string, at: number): Token {
  const escaped = part[at] === '\\';
  const code = part.codePointAt(escaped ? at + 1 : at);
  if (code === undefined) throw new SyntaxError('nothing follows the last backslash');
  const text = String.fromCodePoint(code);
  return { text, length: text.length + (escaped ? 1 : 0) };
}

function numbered(char: string): string {
  const code = char.charCodeAt(0);
  return code > 0x7f || /[a-z0-9]/i.test(char) ? char : `\\x${code.toString(16).padStart(2, '0')}`;
}
