import { Directory, join } from './directory.ts';
import type { File } from './file.ts';

/** One step that brings the state before nearer to the state now; paths are relative to the root. */
export type Change = Addition | Removal;

type Addition =
  | { readonly kind: 'folder-added'; readonly path: string }
  | { readonly kind: 'file-added'; readonly path: string; readonly file: File }
  | { readonly kind: 'file-changed'; readonly path: string; readonly file: File };

/**
 * `retyped`: the removal makes room for an addition of the same name, be it of the other type or written in another way
 * (case, Unicode normalisation: a far side may hold the two for equal), or the entry lies in a folder removed for that.
 */
type Removal =
  | { readonly kind: 'file-removed'; readonly path: string; readonly file: File; readonly retyped: boolean }
  | { readonly kind: 'folder-removed'; readonly path: string; readonly retyped: boolean };

/** A folder in both states; one that is missing in a state is empty there. */
interface Pair {
  readonly path: string;
  readonly before: Directory;
  readonly now: Directory;
  /** Is the folder removed to make room? Then so is all that is in it. */
  readonly retyped: boolean;
}

/** Changes in the order they are met: a folder before what is in it. */
interface Findings {
  readonly additions: Addition[];
  readonly removals: Removal[];
  readonly pairs: Pair[];
}

const NOTHING = new Directory('');

/**
 * Compare two states of a folder.
 *
 * A file is changed when its size or its time differs. Takes time in proportion to the number of entries, and no call
 * stack in proportion to the depth.
 *
 * @param before what is known to be on the far side
 * @param now the scan of the near side
 * @returns changes in an order that can be applied one by one: removals that make room, then additions with folders
 *   before what is in them, then the other removals; a folder is removed after all that is in it
 */
export function difference(before: Directory, now: Directory): readonly Change[] {
  const findings: Findings = { additions: [], removals: [], pairs: [{ path: '', before, now, retyped: false }] };
  for (let pair = findings.pairs.pop(); pair; pair = findings.pairs.pop()) compare(pair, findings);
  const { additions, removals } = findings;
  removals.reverse();
  return [...removals.filter(({ retyped }) => retyped), ...additions, ...removals.filter(({ retyped }) => !retyped)];
}

function compare(pair: Pair, findings: Findings): void {
  const taken = namesTaken(pair);
  compareFiles(pair, taken, findings);
  compareDirectories(pair, taken, findings);
}

function compareFiles({ path, before, now, retyped }: Pair, taken: Taken, { additions, removals }: Findings): void {
  let inBoth = 0;
  for (const file of now.files()) {
    const old = before.file(file.name);
    if (old) inBoth += 1;
    if (!old) additions.push({ kind: 'file-added', path: join(path, file.name), file });
    else if (isChanged(old, file)) additions.push({ kind: 'file-changed', path: join(path, file.name), file });
  }
  // Most of the time none is gone; to look for them would make an index of all that was scanned.
  if (inBoth === before.fileCount) return;
  for (const file of before.files()) {
    if (now.file(file.name)) continue;
    removals.push({ kind: 'file-removed', path: join(path, file.name), file, retyped: retyped || taken(file.name) });
  }
}

function compareDirectories(pair: Pair, taken: Taken, { additions, removals, pairs }: Findings): void {
  for (const now of pair.now.directories()) {
    const path = join(pair.path, now.name);
    const before = pair.before.directory(now.name);
    if (!before) additions.push({ kind: 'folder-added', path });
    pairs.push({ path, before: before ?? NOTHING, now, retyped: false });
  }
  for (const before of pair.before.directories()) {
    if (pair.now.directory(before.name)) continue;
    const path = join(pair.path, before.name);
    const retyped = pair.retyped || taken(before.name);
    removals.push({ kind: 'folder-removed', path, retyped });
    pairs.push({ path, before, now: NOTHING, retyped });
  }
}

function isChanged(old: File, file: File): boolean {
  return old.size !== file.size || old.mtimeMs !== file.mtimeMs;
}

/** Does an addition in the same folder need the room of this name? */
type Taken = (name: string) => boolean;

function namesTaken({ before, now }: Pair): Taken {
  // Folding costs more than all the rest, and most folders have either no addition or nothing before.
  let folded: Set<string> | undefined;
  return (name) => {
    folded ??= new Set([...added(before, now)].map(foldName));
    return folded.size > 0 && folded.has(foldName(name));
  };
}

function* added(before: Directory, now: Directory): Generator<string> {
  for (const { name } of now.files()) if (!before.file(name)) yield name;
  for (const { name } of now.directories()) if (!before.directory(name)) yield name;
}

/**
 * The same text for all names that some file system holds for equal.
 *
 * Up and down again, because one letter may have two small forms (the sigmas) and a sharp s is two large ones; to hold
 * too many names for equal only removes one of them earlier.
 */
export function foldName(name: string): string {
  return name.normalize('NFD').toUpperCase().toLowerCase();
}
