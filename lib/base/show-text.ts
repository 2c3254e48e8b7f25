// A path of ordinary length stays whole; a pasted page does not flood the log.
const LONGEST = 120;

// Control (Cc) and format characters (Cf: among them those that turn the direction of writing), line and paragraph
// separators (Zl, Zp) and lone surrogates (Cs) could forge a line of the log or repaint the terminal.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}"\\]/gu;
// Nearly every text holds none of them, and to see that costs a fraction of a replacement.
const SAFE = /^[ !#-[\]-~]*$/;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

/**
 * A text of unknown origin, made fit to stand between double quotes in one line of a log or terminal.
 *
 * @param longest characters that are shown of it
 */
export function showText(text: string, longest = LONGEST): string {
  // Most are short: so many units hold no more characters than that.
  if (text.length <= longest) return SAFE.test(text) ? text : text.replaceAll(UNSAFE, escapeCharacter);
  const characters = [...text];
  const shown = characters.slice(0, longest).join('').replaceAll(UNSAFE, escapeCharacter);
  return characters.length > longest ? `${shown}...` : shown;
}

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
