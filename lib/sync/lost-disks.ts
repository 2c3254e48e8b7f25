import { type Directory, join, nameOf, parentOf } from '../files/directory.ts';
import type { LeftOut } from '../files/left-out.ts';
import { type GuardRules, isMostGone, lossOf } from './guards.ts';
import type { PairJournal } from './pair-journal.ts';
import type { NearTree } from './plan.ts';

/** A scan of the near side. */
export interface ScannedTree extends NearTree {
  /** Paths of the folders in which a disk is mounted. */
  readonly mounts: ReadonlySet<string>;
}

/**
 * Leave out the folders in which a disk was mounted that is not there any more: what they show now, if anything, is only
 * what lies below it. Nothing of it is sent, and what is on the far side stays. All other mounts are remembered.
 *
 * @param tree is changed: what is left out is not in its root any more
 * @returns what is left out
 * @throws JournalError
 */
export function leaveOutLostDisks(
  tree: ScannedTree,
  { journal, guards }: { readonly journal: PairJournal; readonly guards: GuardRules },
): readonly LeftOut[] {
  const left: LeftOut[] = [];
  for (const path of [...journal.mounts]) {
    // What cannot be seen, or is left out, stays on the far side anyway; when it is not left out any more, the disk may be gone.
    if (tree.mounts.has(path) || tree.keeps(path, 'directory')) continue;
    if (guards.allowReplaced || !isLost(path, tree, journal.far)) {
      journal.noDiskIsMounted(path);
      continue;
    }
    tree.root.directoryAt(parentOf(path))?.deleteDirectory(nameOf(path));
    left.push({
      path,
      reason: 'unreadable',
      detail: 'its disk is not mounted; if that is meant, add --allow-replaced',
    });
  }
  for (const path of tree.mounts) if (!journal.mounts.has(path)) journal.diskIsMounted(path);
  return left;
}

function isLost(path: string, { root, keeps }: NearTree, far: Directory): boolean {
  const known = far.directoryAt(path);
  return (
    known !== undefined && isMostGone(lossOf(known, root.directoryAt(path), (at) => keeps(join(path, at), 'file')))
  );
}
