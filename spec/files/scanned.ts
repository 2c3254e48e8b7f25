import { makeFilter } from '../../lib/files/filter.ts';
import type { LeftOut } from '../../lib/files/left-out.ts';
import { type ScanOptions, scan } from '../../lib/files/scan.ts';
import { linesOf } from './file-tree.ts';

/** A scan as sorted lines. */
export interface Scanned {
  readonly found: readonly string[];
  readonly left: readonly string[];
}

/** Scan a folder, without limits unless told otherwise. */
export async function scanned(root: string, options: Partial<ScanOptions> = {}): Promise<Scanned> {
  const result = await scan(root, { maxDepth: Infinity, filter: makeFilter(), links: 'skip', ...options });
  return { found: linesOf(result.root), left: result.left.map(lineOf).sort() };
}

/** A clock that stands still and calls `act` when it is asked for the `count`th time: once at the begin of a scan, then
 * once for each name read, then once for each entry looked at, folder by folder. */
export function onGlance(count: number, act: () => void): () => number {
  let glances = 0;
  return () => {
    glances += 1;
    if (glances === count) act();
    return 0;
  };
}

function lineOf({ path, reason, detail }: LeftOut): string {
  return detail === undefined ? `${reason} ${path}` : `${reason} ${path} (${detail})`;
}
