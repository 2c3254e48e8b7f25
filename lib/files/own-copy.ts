/**
 * The same text, with memory of its own.
 *
 * V8 does not copy what is cut out of a text but points into that: whoever keeps the name keeps the whole path. Joining an
 * array is the cheapest of the ways that copy.
 */
export function ownCopy(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('');
}
