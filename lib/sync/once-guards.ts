import { countEntries, type Directory } from '../files/directory.ts';
import { type DeleteLimit, GuardError, mostRemovals, removalsOf } from './guards.ts';
import type { Plan } from './plan.ts';

/** One of the sides. */
export interface Side {
  /** As the user knows it. */
  readonly name: string;
  readonly root: Directory;
}

/** What is at stake: the side that is made equal, and the one that it is made equal to. */
export interface Stakes {
  readonly source: Side;
  readonly target: Side;
}

/** What the user says of removals. */
export interface OnceGuardRules {
  readonly maxDelete: DeleteLimit;
  /** An empty source is meant to be empty. */
  readonly allowEmpty: boolean;
}

/**
 * Refuse to remove what may be gone from the source by accident only: all of it, or more than the user lets go.
 *
 * @throws GuardError E_GUARD_EMPTY, E_GUARD_DELETES
 */
export function guardOnce(plan: Plan, { source, target }: Stakes, { maxDelete, allowEmpty }: OnceGuardRules): void {
  const removals = removalsOf(plan).length;
  if (removals === 0) return;
  const known = countEntries(target.root);
  if (source.root.isEmpty && !allowEmpty) {
    throw new GuardError(
      'E_GUARD_EMPTY',
      `${source.name} is empty, or all in it is left out, but ${target.name} holds ${known} entries; nothing was removed. ` +
        'If it is meant to be empty, add --allow-empty',
    );
  }
  const most = mostRemovals(maxDelete, known, source.root.isEmpty);
  if (removals <= most) return;
  throw new GuardError(
    'E_GUARD_DELETES',
    `This would remove ${removals} of ${known} entries from ${target.name}, and ${most} is the limit; nothing was ` +
      `changed. If that is meant, set --max-delete ${removals}`,
  );
}
