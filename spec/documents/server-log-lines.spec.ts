import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { textOf } from './tables.ts';

const folder = fileURLToPath(new URL('../../../lib/server/', import.meta.url));
const page = textOf('docs/reference/server-log-lines.md');
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => textOf(`lib/server/${name}`));

/** Up to the first ` : `, without what is put in: names of signals, and what stands in `${}`. */
function beginningOf(line: string): string {
  return (line.split(' : ')[0] ?? '').replace(/\$\{[^}]*\}|\b[A-Z]{2,}\b/g, '…');
}

/** `warn Login refused`: level and beginning of each message that goes to the logger. */
function logged(): readonly string[] {
  const calls = sources.flatMap((text) => [
    ...text.matchAll(/logger\.(debug|info|warn|error)\(\s*(['`])((?:(?!\2).)*)\2/gs),
  ]);
  return calls.map(([, level, , text = '']) => `${level} ${beginningOf(text)}`);
}

describe('docs/reference/server-log-lines.md', () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` +\| ([a-z]+) +\|/gm)].map(
    ([, line = '', level = '']) => `${level} ${beginningOf(line)}`,
  );

  it('has every line that the server logs, once and at its level, and no other', () => {
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.toSorted()).toEqual([...new Set(logged())].sort());
  });
});
