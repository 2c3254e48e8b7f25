import type { Change } from '../files/difference.ts';
import { type Directory, parentOf } from '../files/directory.ts';
import type { FarJobKind } from '../transfer/progress.ts';
import { type Addition, foldPath, makeRoom, type Removal } from './make-room.ts';

/** One thing to do on the far side. */
export interface Step {
  /** Its place in the plan, from 0. */
  readonly id: number;
  readonly kind: FarJobKind;
  readonly path: string;
  /** Bytes to send; 0 for all that is not an upload. */
  readonly size: number;
  /** Time of the near file, milliseconds since 1970 (UTC); 0 for all that is not an upload. */
  readonly mtimeMs: number;
  /** The steps that must have succeeded before, by their ids. */
  readonly needs: readonly number[];
  /** Removes what is gone from the near side: never begun before everything else has gone well. */
  readonly vanished: boolean;
  /** Removes what stands where something else of the very same name has to be. */
  readonly replaced: boolean;
}

/** What a plan has to know of the near side. */
export interface NearTree {
  readonly root: Directory;
  /**
   * Must an entry of the far side stay although it is not in {@link root}? It was filtered, lies too deep, or could not
   * be read.
   */
  readonly keeps: (path: string, kind: 'file' | 'directory') => boolean;
}

/** What a plan has to know of the far side. */
export interface FarView {
  /** Must an entry stay because it could not be seen whether it is still the mirror's own? */
  readonly isHidden: (path: string) => boolean;
}

/** What a cycle is going to do. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Additions that cannot be made: their room is taken by a far folder in which something must stay. */
  readonly blocked: readonly string[];
}

const SEEN: FarView = { isHidden: () => false };

/**
 * Turn changes into steps that may run side by side.
 *
 * Dependencies, not barriers: an upload waits for its folder, a folder for its parent, a removal for what is below it,
 * and an addition for the removal that makes room for it. Uploads stand largest first, so that the last to finish is
 * small.
 *
 * @param changes in the order that {@link difference} gives
 */
export function plan(changes: readonly Change[], { root, keeps }: NearTree, far: FarView = SEEN): Plan {
  const additions = changes.filter(isAddition);
  const removals = changes.filter(isRemoval);
  const stays = whatStays(removals, (path, kind) => keeps(path, kind) || far.isHidden(path));
  const going = removals.filter(({ path }) => !stays.has(path));
  const { making, twins } = makeRoom(going, root);
  // Asked for removals only, and large: the paths of all that is new.
  const added = new Set(removals.length === 0 ? [] : additions.map(({ path }) => path));
  // Twins first: a folder that is made once more stands before what is added to it.
  const all = [...twins.filter(({ path }) => !added.has(path)), ...additions];
  // What would make room if it could be seen takes it, also where case does not count.
  const keyOf = removals.some(({ path }) => far.isHidden(path)) ? foldPath : (path: string) => path;
  const planner = new Planner(stays, added, keyOf);
  for (const removal of going) if (making.has(removal.path)) planner.remove(removal, 'to make room');
  for (const addition of inGoodOrder(all)) planner.add(addition);
  for (const removal of going) if (!making.has(removal.path)) planner.remove(removal, 'since it vanished');
  return { steps: planner.steps, blocked: planner.blocked };
}

const NOTHING: readonly number[] = [];

class Planner {
  readonly steps: Step[] = [];
  readonly blocked: string[] = [];
  /** The id of what makes a folder, by its path; the list is shared by all that is put into the folder. */
  readonly #makes = new Map<string, readonly number[]>();
  /** Ids of what removes the entries of a folder, by its path. */
  readonly #empties = new Map<string, number[]>();
  /** Ids of what makes room, by a path in which all ways to write it are the same. */
  readonly #frees = new Map<string, number[]>();
  readonly #keyOf: (path: string) => string;
  /** Keys of paths that stay taken, or lie in a folder that cannot be made. */
  readonly #taken: Set<string>;
  /** Paths of what is to be put on the far side. */
  readonly #added: ReadonlySet<string>;

  constructor(stays: ReadonlySet<string>, added: ReadonlySet<string>, keyOf: (path: string) => string) {
    this.#keyOf = keyOf;
    this.#taken = new Set([...stays].map(keyOf));
    this.#added = added;
  }

  remove({ kind, path }: Removal, why: 'to make room' | 'since it vanished'): void {
    const id = this.#push({
      kind: kind === 'file-removed' ? 'remove' : 'rmdir',
      path,
      needs: this.#empties.get(path) ?? NOTHING,
      vanished: why === 'since it vanished',
      replaced: this.#added.has(path),
    });
    append(this.#empties, parentOf(path), id);
    if (why === 'to make room') append(this.#frees, foldPath(path), id);
  }

  add(change: Addition): void {
    const { path } = change;
    if (this.#isBlocked(path)) {
      this.blocked.push(path);
      return;
    }
    const makes = this.#makes.get(parentOf(path)) ?? NOTHING;
    const frees = this.#freeing(path);
    const needs = frees.length === 0 ? makes : [...makes, ...frees];
    if (change.kind === 'folder-added') this.#makes.set(path, [this.#push({ kind: 'mkdir', path, needs })]);
    else this.#push({ kind: 'upload', path, needs, size: change.file.size, mtimeMs: change.file.mtimeMs });
  }

  /** Is there no room for it, or no folder to be in? */
  #isBlocked(path: string): boolean {
    // Most of the time nothing stays.
    if (this.#taken.size === 0) return false;
    const key = this.#keyOf(path);
    if (!this.#taken.has(key) && !this.#taken.has(parentOf(key))) return false;
    this.#taken.add(key);
    return true;
  }

  #freeing(path: string): readonly number[] {
    // Folding costs more than all the rest, and most plans remove nothing to make room.
    return this.#frees.size === 0 ? NOTHING : (this.#frees.get(foldPath(path)) ?? NOTHING);
  }

  #push(step: Pick<Step, 'kind' | 'path' | 'needs'> & Partial<Step>): number {
    const { kind, path, needs, size = 0, mtimeMs = 0, vanished = false, replaced = false } = step;
    const id = this.steps.length;
    // Each field by its name: what is spread from another object takes more memory, and there may be a million.
    this.steps.push({ id, kind, path, size, mtimeMs, needs, vanished, replaced });
    return id;
  }
}

function isAddition(change: Change): change is Addition {
  return !isRemoval(change);
}

function isRemoval(change: Change): change is Removal {
  return change.kind === 'file-removed' || change.kind === 'folder-removed';
}

/** Paths of what is not removed: what is kept, and each folder in which something is. */
function whatStays(removals: readonly Removal[], keeps: NearTree['keeps']): ReadonlySet<string> {
  const folders = new Set(removals.filter(({ kind }) => kind === 'folder-removed').map(({ path }) => path));
  const stays = new Set<string>();
  // What is in a folder comes before the folder.
  for (const { kind, path } of removals) {
    if (!stays.has(path) && !keeps(path, kind === 'file-removed' ? 'file' : 'directory')) continue;
    stays.add(path);
    if (folders.has(parentOf(path))) stays.add(parentOf(path));
  }
  return stays;
}

/** Folders, a parent before what is in it, then files, the largest first. */
function inGoodOrder(additions: readonly Addition[]): readonly Addition[] {
  const folders = additions.filter(({ kind }) => kind === 'folder-added');
  const files = additions.filter((addition) => addition.kind !== 'folder-added');
  return [...folders, ...files.sort((one, other) => other.file.size - one.file.size)];
}

function append(lists: Map<string, number[]>, key: string, id: number): void {
  const list = lists.get(key);
  if (list) list.push(id);
  else lists.set(key, [id]);
}
