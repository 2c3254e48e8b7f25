import { join, walk } from '../../../lib/files/directory.ts';
import type { Pair } from '../../../lib/sync/pair.ts';
import { PairJournal } from '../../../lib/sync/pair-journal.ts';
import { entriesBelow } from '../tree/disk.ts';

/**
 * Hold the journal of a pair against what is on the disk of the far side.
 *
 * @returns one line for each thing in which they differ; times count in whole seconds
 */
export function journalErrors(stateFolder: string, pair: Pair, far: string): readonly string[] {
  const journal = PairJournal.open(stateFolder, pair, { readOnly: true });
  const known = new Set<string>();
  for (const { path, directory } of walk(journal.far)) {
    if (path !== '') known.add(`${path}/`);
    for (const { name, size, mtimeMs } of directory.files()) known.add(fileLine(join(path, name), size, mtimeMs));
  }
  const there = new Set(
    entriesBelow(far).map(({ path, kind, stats }) =>
      kind === 'folder' ? `${path}/` : fileLine(path, stats.size, stats.mtimeMs),
    ),
  );
  return [
    ...(journal.doubt === undefined ? [] : [`the journal is not believed: ${journal.doubt}`]),
    ...journal.doubts().map(({ kind, path }) => `the journal is in doubt of ${kind} ${path}`),
    ...[...known].filter((line) => !there.has(line)).map((line) => `only in the journal: ${line}`),
    ...[...there].filter((line) => !known.has(line)).map((line) => `not in the journal: ${line}`),
  ];
}

function fileLine(path: string, size: number, mtimeMs: number): string {
  return `${path} ${size} ${Math.floor(mtimeMs / 1000)}`;
}
