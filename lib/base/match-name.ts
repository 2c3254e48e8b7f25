/**
 * Does a name fit a pattern? `*` is any text, `?` any character, `[a-z]` and `[!a-z]` one of some; a backslash makes the
 * next character mean itself.
 *
 * The time grows with the length of the name times that of the pattern, whatever the pattern: names come from servers, and
 * patterns from clients.
 *
 * @param findsHidden does a leading dot need not to stand in the pattern, as it has to in a shell?
 */
export function matchName(pattern: string, name: string, findsHidden = false): boolean {
  const tokens = tokensOf(pattern);
  const characters = [...name];
  if (!findsHidden && characters[0] === '.' && tokens[0] !== '.') return false;
  // Where to go on when what comes behind the last star did not fit: with one character more for the star.
  let star = -1;
  let taken = 0;
  let token = 0;
  for (let at = 0; at < characters.length; ) {
    const wanted = tokens[token];
    if (wanted === STAR) {
      star = token;
      taken = at;
      token += 1;
    } else if (typeof wanted === 'function' ? wanted(characters[at] ?? '') : wanted === characters[at]) {
      token += 1;
      at += 1;
    } else if (star < 0) {
      return false;
    } else {
      taken += 1;
      at = taken;
      token = star + 1;
    }
  }
  return tokens.slice(token).every((rest) => rest === STAR);
}

/** Does a word stand for several names? */
export function isPattern(pattern: string): boolean {
  return tokensOf(pattern).some((token) => typeof token !== 'string');
}

/** The name that a pattern without special characters means. */
export function plainName(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gsu, '$1');
}

const STAR = Symbol('*');

/** Any text, one certain character, or one of some. */
type Token = typeof STAR | string | ((character: string) => boolean);

const any = () => true;

function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const end = character === '[' ? classEnd(characters, at) : -1;
    if (character === '\\') {
      at += 1;
      tokens.push(characters[at] ?? '\\');
    } else if (character === '*') {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
    } else if (character === '?') {
      tokens.push(any);
    } else if (end > 0) {
      tokens.push(oneOf(characters.slice(at + 1, end)));
      at = end;
    } else {
      tokens.push(character);
    }
  }
  return tokens;
}

/** A bracket right behind the first one, or behind its `!`, is one of the characters. */
function classEnd(characters: readonly string[], begin: number): number {
  const first = characters[begin + 1] === '!' || characters[begin + 1] === '^' ? begin + 2 : begin + 1;
  return characters.indexOf(']', first + 1);
}

function oneOf(inside: readonly string[]): Token {
  const isNegated = inside[0] === '!' || inside[0] === '^';
  const rest = isNegated ? inside.slice(1) : inside;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const from = rest[at] ?? '';
    const isRange = rest[at + 1] === '-' && at + 2 < rest.length;
    ranges.push([from, isRange ? (rest[at + 2] ?? from) : from]);
    if (isRange) at += 2;
  }
  return (character) => ranges.some(([from, to]) => character >= from && character <= to) !== isNegated;
}
