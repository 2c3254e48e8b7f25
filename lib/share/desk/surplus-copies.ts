import { hasWholeName } from '../model/conflict-name.ts';
import type { EntryPath } from '../model/entry.ts';
import type { ConflictView } from './share-desk.ts';

/** So many conflict copies of a file stay: who has not looked at ten will not look at a hundred, and each is as large as the file. */
export const MOST_COPIES = 10;

/**
 * Of files that have more conflict copies than {@link MOST_COPIES}, the oldest ones.
 *
 * All machines find the same ones: it depends on nothing but the copies.
 */
export function surplusCopies(conflicts: readonly ConflictView[]): readonly ConflictView[] {
  const copies = new Map<EntryPath, ConflictView[]>();
  for (const one of conflicts) {
    // Those of several files may look like those of one.
    if (hasWholeName(one.path)) copies.set(one.original, [...(copies.get(one.original) ?? []), one]);
  }
  return [...copies.values()].flatMap((all) => all.sort(newestFirst).slice(MOST_COPIES));
}

function newestFirst(one: ConflictView, other: ConflictView): number {
  return other.mtimeMs - one.mtimeMs || (one.path < other.path ? -1 : 1);
}
