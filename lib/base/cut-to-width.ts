// Of Unicode's East Asian Width (UAX #11), which JavaScript does not know, what names are written in: a text that is taken
// for wider than it is gets cut earlier, and does no harm.
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u{3000}-\u{303f}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}]/u;
const NO_WIDTH = /[\p{M}\p{Cf}]/u;
// Makes an emoji, two columns wide, of the character before it, which was counted as one.
const EMOJI_STYLE = '\ufe0f';

/**
 * As much of the beginning of a text as fits into so many columns of a terminal.
 *
 * Assumed: combining and format characters take no column; ideographs, kana, Hangul, full-width forms and emoji take two;
 * everything else one, also what UAX #11 calls ambiguous. Emoji that are joined to one are counted as if they were not.
 *
 * @param text without control characters
 */
export function cutToWidth(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** How many columns of a terminal a text takes, as far as {@link cutToWidth} knows. @param text without control characters */
export function widthOfText(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): number {
  if (character === EMOJI_STYLE) return 1;
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
