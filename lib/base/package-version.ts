import { readFileSync } from 'node:fs';

/** The version of this package, for `--version`. */
export function packageVersion(): string {
  // The compiled file lies in dist/lib/base.
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
