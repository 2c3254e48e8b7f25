import { type Content, type Entry, exists, hasSameBytes, isSameContent } from './entry.ts';
import { joinOf, relationOf, type Version } from './version.ts';

/**
 * What a peer does about an entry that another one has told it:
 *
 * - `keep`: what is here has seen it, nothing is to be done
 * - `wait`: neither has seen the other, and what is here goes on. Who holds the other saves it under another name and takes
 *   this one; until then nothing is settled
 * - `take`: it replaces what is here; `saves` what is here under another name first, since neither has seen the other
 */
export type Decision =
  | { readonly kind: 'keep' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'take'; readonly content: Content; readonly version: Version; readonly saves: boolean };

/**
 * Decide about an entry of another peer.
 *
 * Only who holds what has to give way may join both versions, and only after saving it: a version says that all before it may
 * be overwritten. So a change is never lost because somebody who never had it said that it was seen.
 *
 * @param here what this peer has at the path
 * @param there what the other one has
 */
export function decide(here: Entry | undefined, there: Entry): Decision {
  if (here === undefined) return take(there.content, there.version);
  const relation = relationOf(here.version, there.version);
  if (relation === 'before') return take(there.content, there.version);
  if (relation === 'after') return { kind: 'keep' };
  const isSame = isSameContent(here.content, there.content);
  if (relation === 'equal' && isSame) return { kind: 'keep' };
  const version = joinOf(here.version, there.version);
  // Of more counters than there may be, one that was left out has nothing to add.
  const addsNothing = relationOf(here.version, version) === 'equal';
  if (isSame) return addsNothing ? { kind: 'keep' } : take(there.content, version);
  const winner = preferred(here, there);
  // What both have the bytes of is no conflict: there is nothing to save, and the one who has what goes on may say so as well.
  if (relation === 'concurrent' && hasSameBytes(here.content, there.content)) {
    return addsNothing && winner === here ? { kind: 'keep' } : take(winner.content, version);
  }
  if (winner === here) return { kind: 'wait' };
  const saves = here.content.type === 'file' && !hasSameBytes(here.content, there.content) && !hasReplaced(there, here);
  return take(there.content, version, saves);
}

/**
 * Which of two entries that have not seen each other goes on; all peers say the same, in whatever order they hear of them.
 *
 * A change made upon just what the other one has goes on. Then what exists before what was deleted, a folder before a file, and
 * the file that was changed last.
 */
export function preferred(a: Entry, b: Entry): Entry {
  // Were they of the same version, two such steps could lead round in a circle, for ever.
  if (relationOf(a.version, b.version) === 'concurrent' && hasReplaced(a, b) !== hasReplaced(b, a)) {
    return hasReplaced(a, b) ? a : b;
  }
  return compareContents(a.content, b.content) >= 0 ? a : b;
}

/** Was `a` made by changing what `b` has? Only between files: a deletion never wins over something that exists. */
function hasReplaced(a: Entry, b: Entry): boolean {
  return a.content.type === 'file' && b.content.type === 'file' && a.replaced === b.content.id;
}

/** A total order. @returns above 0 where `a` goes on, 0 where they are the same */
function compareContents(a: Content, b: Content): number {
  if (a.type !== b.type) return rank(a) - rank(b);
  if (a.type !== 'file' || b.type !== 'file') return 0;
  if (a.mtimeMs !== b.mtimeMs) return a.mtimeMs - b.mtimeMs;
  if (a.id !== b.id) return a.id > b.id ? 1 : -1;
  return Number(a.isExecutable) - Number(b.isExecutable);
}

function rank(content: Content): number {
  if (!exists(content)) return 0;
  return content.type === 'directory' ? 2 : 1;
}

function take(content: Content, version: Version, saves = false): Decision {
  return { kind: 'take', content, version, saves };
}
