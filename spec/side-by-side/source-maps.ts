import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LAST_LINE = /\/\/# sourceMappingURL=\S+\s*$/;

/**
 * Take the names of the source maps out of compiled files: they are the last lines, and no place in a file changes.
 *
 * A process that counts what it covers reads the map of each module, keeps it, and writes it out at its end, which is a
 * tenth of all that the specs have to compute. Only the report needs them.
 *
 * @returns what puts them back
 */
export function hideSourceMaps(folder: string): () => void {
  const hidden: { readonly path: string; readonly content: Buffer }[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const path = join(folder, name);
    const content = readFileSync(path);
    const line = LAST_LINE.exec(content.toString('latin1'));
    if (line === null) continue;
    truncateSync(path, line.index);
    hidden.push({ path, content });
  }
  return () => {
    for (const { path, content } of hidden) writeFileSync(path, content);
  };
}
