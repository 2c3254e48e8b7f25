import type { EntryPath } from '../../../lib/share/model/entry.ts';
import type { ReplicaId } from '../../../lib/share/model/version.ts';
import type { Change, Met, SavedEntry } from '../../../lib/share/replica/events.ts';

/** A record of what the disk remembers. */
export type Kept =
  | { readonly saved: SavedEntry }
  | { readonly settled: readonly [ReplicaId, number] }
  | { readonly told: readonly [ReplicaId, number] }
  | { readonly met: Met }
  | { readonly forgotten: { readonly path: EntryPath; readonly number: number } }
  /** A change was begun. */
  | { readonly begun: Change }
  /** And came to nothing. */
  | { readonly withdrawn: EntryPath };

/** Changes of which nothing says how they ended. */
export function begunIn(all: readonly Kept[]): readonly Change[] {
  const begun = new Map<EntryPath, Change>();
  for (const kept of all) {
    if ('begun' in kept) begun.set(kept.begun.path, kept.begun);
    else if ('withdrawn' in kept) begun.delete(kept.withdrawn);
    else if ('saved' in kept && begun.get(kept.saved.entry.path)?.entry === kept.saved.entry) {
      begun.delete(kept.saved.entry.path);
    }
  }
  return [...begun.values()];
}

/** What is held. */
export function savedIn(all: readonly Kept[]): readonly SavedEntry[] {
  const saved = new Map<EntryPath, SavedEntry>();
  for (const kept of all) {
    if ('saved' in kept) saved.set(kept.saved.entry.path, kept.saved);
    else if ('forgotten' in kept) saved.delete(kept.forgotten.path);
    else if ('met' in kept && kept.met.retold !== undefined) {
      const { upTo, by } = kept.met.retold;
      for (const [path, one] of saved) if (one.number <= upTo) saved.set(path, { ...one, number: one.number + by });
    }
  }
  return [...saved.values()];
}
