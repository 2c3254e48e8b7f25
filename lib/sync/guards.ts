import { CodedError } from '../base/coded-error.ts';
import type { Directory } from '../files/directory.ts';
import { countEntries } from '../files/directory.ts';
import type { Plan } from './plan.ts';

/**
 * E_GUARD_ROOT: the near folder is gone though it was mirrored before · E_GUARD_EMPTY: it is empty though it was not ·
 * E_GUARD_DELETES: the cycle would remove more than it may
 */
export type GuardErrorCode = 'E_GUARD_ROOT' | 'E_GUARD_EMPTY' | 'E_GUARD_DELETES';

/** Stops a mirror before it removes what its user may still want. */
export class GuardError extends CodedError<GuardErrorCode> {
  override readonly name: string = 'GuardError';
}

/** How much one cycle may remove because it is gone from the near side. */
export type DeleteLimit =
  | { readonly unit: 'entries'; readonly most: number }
  | {
      readonly unit: 'percent';
      readonly most: number;
      /** The limit holds only for a far folder of more entries than this. */
      readonly above: number;
    };

/** What the guards are told by the user. */
export interface GuardRules {
  readonly maxDelete: DeleteLimit;
  /** An empty near folder is meant to be empty. */
  readonly allowEmpty: boolean;
}

/**
 * Refuse a near folder that is empty all of a sudden: a disk that is not mounted looks like that.
 *
 * @throws GuardError E_GUARD_EMPTY
 */
export function guardAgainstEmptyRoot(root: string, now: Directory, before: Directory, rules: GuardRules): void {
  if (rules.allowEmpty || !now.isEmpty || before.isEmpty) return;
  const known = countEntries(before);
  const limit = known > mostRemovals(rules.maxDelete, known) ? ` --max-delete ${known}` : '';
  throw new GuardError(
    'E_GUARD_EMPTY',
    `${root} is empty, or all in it is left out, but ${known} entries of it are on the site; nothing was removed. ` +
      `Is a disk not mounted? If it is meant to be empty, add --allow-empty${limit}`,
  );
}

/**
 * Refuse a cycle that removes more than it may.
 *
 * @throws GuardError E_GUARD_DELETES
 */
export function guardAgainstManyRemovals({ steps }: Plan, before: Directory, rules: GuardRules): void {
  const removals = steps.filter(({ vanished }) => vanished).length;
  const known = countEntries(before);
  const most = mostRemovals(rules.maxDelete, known);
  if (removals <= most) return;
  throw new GuardError(
    'E_GUARD_DELETES',
    `This cycle would remove ${removals} of ${known} entries from the site, and ${most} is the limit; nothing was ` +
      `changed. If that is meant, set --max-delete ${removals}`,
  );
}

function mostRemovals(limit: DeleteLimit, known: number): number {
  if (limit.unit === 'entries') return limit.most;
  return known > limit.above ? Math.floor((known * limit.most) / 100) : known;
}
