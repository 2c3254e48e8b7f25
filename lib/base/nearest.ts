/**
 * The known word that was probably meant.
 *
 * @returns the known word with the fewest mistypings, or the first that begins with `word`; `undefined` when more than
 *   every third letter would have to be wrong, since a wild guess misleads
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(word.length / 3)) + 1;
  let longer: string | undefined;
  for (const candidate of known) {
    const mistypings = countMistypings(word, candidate, fewest);
    if (mistypings < fewest) [best, fewest] = [candidate, mistypings];
    if (word.length >= 3 && candidate.startsWith(word)) longer ??= candidate;
  }
  return best ?? longer;
}

/** Ready to stand behind a comma: `did you mean --once?`; empty when nothing is near. */
export function didYouMean(word: string, known: Iterable<string>, prefix = ''): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : `, did you mean ${prefix}${meant}?`;
}

// Letters missing, added, replaced, or two neighbours exchanged ("optimal string alignment").
function countMistypings(word: string, other: string, enough: number): number {
  if (Math.abs(word.length - other.length) >= enough) return enough;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let at = 1; at <= word.length; at += 1) {
    const next = [at];
    for (let column = 1; column <= other.length; column += 1) {
      const same = word[at - 1] === other[column - 1];
      const exchanged = word[at - 1] === other[column - 2] && word[at - 2] === other[column - 1];
      next[column] = Math.min(
        cell(row, column) + 1,
        cell(next, column - 1) + 1,
        cell(row, column - 1) + (same ? 0 : 1),
        exchanged ? cell(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return cell(row, other.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
