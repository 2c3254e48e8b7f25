// Nearly every line is, and to see that costs a fraction of a replacement.
const PRINTABLE = /^[ -~]*$/;

/** Make a text safe to be part of one line on a terminal: control characters become escapes as in JSON. */
export function oneLine(text: string): string {
  if (PRINTABLE.test(text)) return text;
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
