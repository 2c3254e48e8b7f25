import { readFileSync } from 'node:fs';

/** The text of a file of the package, by its path from the top folder. */
export function textOf(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

/**
 * The tables of a page, by the heading `## …` above them; above the first such heading it is `''`.
 *
 * @returns for each heading the rows below the table's head, each a list of its cells without blanks and backquotes
 */
export function tablesOf(page: string): ReadonlyMap<string, readonly (readonly string[])[]> {
  const tables = new Map<string, string[][]>();
  let heading = '';
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) heading = line.slice(3);
    if (!line.startsWith('| `')) continue;
    const row = line.split('|').slice(1, -1);
    tables.set(heading, [...(tables.get(heading) ?? []), row.map((cell) => cell.trim().replaceAll('`', ''))]);
  }
  return tables;
}
