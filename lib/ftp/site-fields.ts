// Blanks, then either a quoted field with doubled quotes or anything up to the next comma, then a comma or the end.
const FIELD = /\s*(?:"((?:[^"]|"")*)"\s*|([^,"\s][^,]*|))(,|$)/y;

/**
 * Split at the commas outside double quotes.
 *
 * @returns the fields without the blanks and quotes around them; `undefined` when a quoted one is not closed or is
 *   followed by more than blanks
 */
export function splitFields(text: string): readonly string[] | undefined {
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(text); match; match = FIELD.exec(text)) {
    fields.push(match[1]?.replaceAll('""', '"') ?? (match[2] ?? '').trimEnd());
    if (match[3] === '') return fields;
  }
  return undefined;
}
