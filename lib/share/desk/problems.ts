import type { EntryPath } from '../model/entry.ts';
import type { Problem } from './share-desk.ts';

/** Why one entry is not as it should be. */
export interface Trouble {
  readonly path: EntryPath;
  readonly reason: string;
}

// Enough to look into it; with a disk that is full all entries of a share may have the same reason.
const MOST_PATHS = 100;

/** The troubles of many entries, by their reasons, in the order in which they come first. */
export function problemsOf(troubles: Iterable<Trouble>): readonly Problem[] {
  const groups = new Map<string, { entries: number; readonly paths: EntryPath[] }>();
  for (const { path, reason } of troubles) {
    const group = groups.get(reason) ?? { entries: 0, paths: [] };
    groups.set(reason, group);
    group.entries += 1;
    if (group.paths.length < MOST_PATHS) group.paths.push(path);
  }
  return [...groups].map(([reason, group]) => ({ reason, ...group }));
}
