import type { EntryPath } from './entry.ts';

/**
 * The outermost of the names on the way to an entry that begins with a dot, as a path: `a/.b` of `a/.b/c`.
 *
 * @returns `undefined` when none does
 */
export function hiddenPartOf(path: EntryPath): EntryPath | undefined {
  const [part] = /^(?:[^./][^/]*\/)*\.[^/]*/s.exec(path) ?? [];
  return part;
}
