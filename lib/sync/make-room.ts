import { type Change, foldName } from '../files/difference.ts';
import { type Directory, join, parentOf, walk } from '../files/directory.ts';

/** A change that puts something on the far side. */
export type Addition = Exclude<Change, { readonly retyped: boolean }>;
/** A change that takes something from the far side. */
export type Removal = Extract<Change, { readonly retyped: boolean }>;

/** What removals have to do with entries of the near side that some far side takes for the same. */
export interface Room {
  /** Paths of what has to go before an entry of the near side can take its place. */
  readonly making: ReadonlySet<string>;
  /**
   * Near entries that look unchanged but that go with a removal on a far side that ignores case: they are made once
   * more after it. Where case counts, that is for nothing, but does no harm.
   */
  readonly twins: readonly Addition[];
}

/**
 * Find out which removals make room. Two paths need the same room when they differ in case or normalisation at most;
 * what lies in a folder that makes room has to go with it.
 *
 * @param removals what is in a folder before the folder
 * @param near the near side as it is now
 */
export function makeRoom(removals: readonly Removal[], near: Directory): Room {
  const twins = removals.length === 0 ? [] : twinsOf(new Set(removals.map(({ path }) => foldPath(path))), near);
  const taken = new Set(twins.map(({ path }) => foldPath(path)));
  const making = new Set<string>();
  for (const { path } of removals.toReversed()) {
    if (making.has(parentOf(path)) || taken.has(foldPath(path))) making.add(path);
  }
  return { making, twins };
}

/** The same text for all paths that some far side holds for equal. */
export function foldPath(path: string): string {
  return foldName(path);
}

function twinsOf(removed: ReadonlySet<string>, near: Directory): readonly Addition[] {
  const twins: Addition[] = [];
  for (const { path, directory } of walk(near)) {
    if (path !== '' && removed.has(foldPath(path))) twins.push({ kind: 'folder-added', path });
    for (const file of directory.files()) {
      const filePath = join(path, file.name);
      if (removed.has(foldPath(filePath))) twins.push({ kind: 'file-changed', path: filePath, file });
    }
  }
  return twins;
}
