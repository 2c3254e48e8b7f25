import { CodedError } from '../base/coded-error.ts';
import { countEntries, type Directory, join, walk } from '../files/directory.ts';
import { foldPath } from './make-room.ts';
import type { Plan, Step } from './plan.ts';

/**
 * E_GUARD_ROOT: the near folder is gone though it was mirrored before · E_GUARD_EMPTY: it is empty though it was not ·
 * E_GUARD_REPLACED: it is another folder, and most of what was mirrored is not in it · E_GUARD_DELETES: the cycle would
 * remove more than it may
 */
export type GuardErrorCode = 'E_GUARD_ROOT' | 'E_GUARD_EMPTY' | 'E_GUARD_REPLACED' | 'E_GUARD_DELETES';

/** Stops a mirror before it removes what its user may still want. */
export class GuardError extends CodedError<GuardErrorCode> {
  override readonly name: string = 'GuardError';
}

/** How much one cycle may remove without putting it there again. */
export type DeleteLimit =
  | { readonly unit: 'entries'; readonly most: number }
  | {
      readonly unit: 'percent';
      readonly most: number;
      /** The limit holds only for a far folder of more entries than this. */
      readonly above: number;
      /** Nobody chose it: it gives way to the one who says that the near folder is meant to be as it is. */
      readonly isDefault?: true;
    };

/** Half of the files at once is more likely a lost disk than a wish; of a handful it is an ordinary tidying up. */
export const DEFAULT_DELETE_LIMIT: DeleteLimit = { unit: 'percent', most: 50, above: 20, isDefault: true };

/** What the guards are told by the user. */
export interface GuardRules {
  readonly maxDelete: DeleteLimit;
  /** An empty near folder is meant to be empty. */
  readonly allowEmpty: boolean;
  /** A near folder, or a disk in it, that is another one than before is meant to be. */
  readonly allowReplaced: boolean;
}

/**
 * Refuse a near folder that is empty all of a sudden: a disk that is not mounted looks like that.
 *
 * @param rules isOther: is it another folder than the one that was mirrored?
 * @throws GuardError E_GUARD_EMPTY
 */
export function guardAgainstEmptyRoot(
  root: string,
  now: Directory,
  before: Directory,
  rules: GuardRules & { readonly isOther: boolean },
): void {
  if (rules.allowEmpty || !now.isEmpty || before.isEmpty) return;
  const known = countEntries(before);
  // All that would stop the next run as well.
  const replaced = rules.isOther && !rules.allowReplaced ? ' --allow-replaced' : '';
  const limit = known > mostRemovals(rules.maxDelete, known, true) ? ` --max-delete ${known}` : '';
  throw new GuardError(
    'E_GUARD_EMPTY',
    `${root} is empty, or all in it is left out, but ${known} entries of it are on the site; nothing was removed. ` +
      `Is a disk not mounted? If it is meant to be empty, add --allow-empty${replaced}${limit}`,
  );
}

/** How many files a folder has lost. */
export interface Loss {
  readonly gone: number;
  readonly known: number;
}

/**
 * Count the files that are known and not in a folder any more.
 *
 * @param now what is in it; `undefined` when it is gone
 * @param isKept does an entry only look gone, since it is left out?
 */
export function lossOf(known: Directory, now: Directory | undefined, isKept: (path: string) => boolean): Loss {
  const loss = { gone: 0, known: 0 };
  for (const { path, directory } of walk(known)) {
    const there = now?.directoryAt(path);
    for (const { name } of directory.files()) {
      loss.known += 1;
      if (!there?.file(name) && !isKept(join(path, name))) loss.gone += 1;
    }
  }
  return loss;
}

/** Has so much gone that another folder must have taken its place? One that was built anew has most names again. */
export function isMostGone({ gone, known }: Loss): boolean {
  return gone > known / 2;
}

/**
 * Refuse a near folder that is not the one that was mirrored and holds other files: another disk, or the empty place
 * where one should be mounted.
 *
 * @throws GuardError E_GUARD_REPLACED
 */
export function guardAgainstReplacedRoot(root: string, loss: Loss, rules: GuardRules): void {
  if (rules.allowReplaced || !isMostGone(loss)) return;
  throw new GuardError(
    'E_GUARD_REPLACED',
    `${root} is another folder than the one that was mirrored, and ${loss.gone} of ${loss.known} files on the site are ` +
      'not in it; nothing was removed. Is a disk not mounted, or another one? If it is meant, add --allow-replaced',
  );
}

/**
 * Refuse a cycle that removes more than it may.
 *
 * @param before what is on the far side and may be removed
 * @param rules isMeant: has the user said that the near folder is meant to be as it is? · isStranger: is it of others?
 * @throws GuardError E_GUARD_DELETES
 */
export function guardAgainstManyRemovals(
  { steps }: Plan,
  before: Directory,
  rules: GuardRules & { readonly isMeant: boolean; readonly isStranger: (path: string) => boolean },
): void {
  const removals = removalsOf({ steps }, rules.isStranger).length;
  const known = countEntries(before);
  const most = mostRemovals(rules.maxDelete, known, rules.isMeant);
  if (removals <= most) return;
  throw new GuardError(
    'E_GUARD_DELETES',
    `This cycle would remove ${removals} of ${known} entries from the site, and ${most} is the limit; nothing was ` +
      `changed. If that is meant, set --max-delete ${removals}`,
  );
}

/**
 * The steps that remove something and put nothing there again.
 *
 * @param isStranger is it of others? Then it counts in any case
 */
export function removalsOf(
  { steps }: Pick<Plan, 'steps'>,
  isStranger: (path: string) => boolean = () => false,
): readonly Step[] {
  const isReplaced = replacedBy(steps);
  return steps.filter((step) => removes(step) && (isStranger(step.path) || !isReplaced(step)));
}

function removes({ kind }: Step): boolean {
  return kind === 'remove' || kind === 'rmdir';
}

/** Is what a step removes put there again by the same plan, as another kind or in another case? */
function replacedBy(steps: readonly Step[]): (removal: Step) => boolean {
  let added: ReadonlySet<string> | undefined;
  return ({ vanished, path }) => {
    if (vanished) return false;
    added ??= new Set(steps.filter((step) => !removes(step)).map((step) => foldPath(step.path)));
    return added.has(foldPath(path));
  };
}

/** How many of so many entries may be removed. @param isMeant has the user said that the source is meant to be as it is? */
export function mostRemovals(limit: DeleteLimit, known: number, isMeant: boolean): number {
  if (limit.unit === 'entries') return limit.most;
  if (limit.isDefault && isMeant) return known;
  return known > limit.above ? Math.floor((known * limit.most) / 100) : known;
}
