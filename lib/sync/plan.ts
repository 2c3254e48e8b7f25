import { type Change, foldName } from '../files/difference.ts';
import { nameOf, parentOf } from '../files/directory.ts';
import type { JobKind } from '../transfer/progress.ts';

/** One thing to do on the far side. */
export interface Step {
  /** Its place in the plan, from 0. */
  readonly id: number;
  readonly kind: JobKind;
  readonly path: string;
  /** Bytes to send; 0 for all that is not an upload. */
  readonly size: number;
  /** Time of the near file, milliseconds since 1970 (UTC); 0 for all that is not an upload. */
  readonly mtimeMs: number;
  /** The steps that must have succeeded before, by their ids. */
  readonly needs: readonly number[];
  /** Removes what is gone from the near side: never begun before everything else has gone well. */
  readonly vanished: boolean;
}

/** What a cycle is going to do. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Additions that cannot be made: their room is taken by a far folder in which something must stay. */
  readonly blocked: readonly string[];
}

/**
 * Turn changes into steps that may run side by side.
 *
 * Dependencies, not barriers: an upload waits for its folder, a folder for its parent, a removal for what is below it,
 * and an addition for the removal that makes room for it. Uploads stand largest first, so that the last to finish is
 * small.
 *
 * @param changes in the order that {@link difference} gives
 * @param keeps says of an entry of the far side that it must stay though it was not met on the near side: it was
 *   filtered, lies too deep, or could not be read
 */
export function plan(changes: readonly Change[], keeps: (path: string, kind: 'file' | 'directory') => boolean): Plan {
  const planner = new Planner(keeps);
  for (const change of inGoodOrder(changes)) planner.take(change);
  return { steps: planner.steps, blocked: planner.blocked };
}

type Addition = Exclude<Change, { readonly retyped: boolean }>;
type Removal = Extract<Change, { readonly retyped: boolean }>;

class Planner {
  readonly steps: Step[] = [];
  readonly blocked: string[] = [];
  readonly #keeps: (path: string, kind: 'file' | 'directory') => boolean;
  /** Ids of what makes a folder, by its path. */
  readonly #makes = new Map<string, number>();
  /** Ids of what removes the entries of a folder, by its path. */
  readonly #empties = new Map<string, number[]>();
  /** Ids of what makes room, by a path in which all ways to write a name are the same. */
  readonly #frees = new Map<string, number[]>();
  /** Paths of what is not removed. */
  readonly #stays = new Set<string>();
  /** Paths that stay taken, or lie in a folder that cannot be made. */
  readonly #taken = new Set<string>();

  constructor(keeps: (path: string, kind: 'file' | 'directory') => boolean) {
    this.#keeps = keeps;
  }

  take(change: Change): void {
    if (change.kind === 'file-removed' || change.kind === 'folder-removed') this.#remove(change);
    else this.#add(change);
  }

  #remove({ kind, path, retyped }: Removal): void {
    if (this.#stays.has(path) || this.#keeps(path, kind === 'file-removed' ? 'file' : 'directory')) {
      // A folder in which something stays has to stay as well.
      this.#stays.add(path).add(parentOf(path));
      if (retyped) this.#taken.add(path);
      return;
    }
    const needs = this.#empties.get(path) ?? [];
    const id = this.#push({ kind: kind === 'file-removed' ? 'remove' : 'rmdir', path, needs, vanished: !retyped });
    append(this.#empties, parentOf(path), id);
    if (retyped) append(this.#frees, foldPath(path), id);
  }

  #add(change: Addition): void {
    const { path } = change;
    if (this.#taken.has(path) || this.#taken.has(parentOf(path))) {
      this.#taken.add(path);
      this.blocked.push(path);
      return;
    }
    const makes = this.#makes.get(parentOf(path));
    const needs = [...(makes === undefined ? [] : [makes]), ...(this.#frees.get(foldPath(path)) ?? [])];
    if (change.kind === 'folder-added') this.#makes.set(path, this.#push({ kind: 'mkdir', path, needs }));
    else this.#push({ kind: 'upload', path, needs, size: change.file.size, mtimeMs: change.file.mtimeMs });
  }

  #push(step: Pick<Step, 'kind' | 'path' | 'needs'> & Partial<Step>): number {
    const id = this.steps.length;
    this.steps.push({ size: 0, mtimeMs: 0, vanished: false, ...step, id });
    return id;
  }
}

/** Removals that make room, then folders, then uploads by size, then the other removals. */
function inGoodOrder(changes: readonly Change[]): readonly Change[] {
  const uploads = changes.filter((change) => change.kind === 'file-added' || change.kind === 'file-changed');
  uploads.sort((one, other) => other.file.size - one.file.size);
  const rest = changes.filter(({ kind }) => kind !== 'file-added' && kind !== 'file-changed');
  const vanished = rest.findIndex((change) => 'retyped' in change && !change.retyped);
  const before = vanished === -1 ? rest.length : vanished;
  return [...rest.slice(0, before), ...uploads, ...rest.slice(before)];
}

function append(lists: Map<string, number[]>, key: string, id: number): void {
  const list = lists.get(key);
  if (list) list.push(id);
  else lists.set(key, [id]);
}

function foldPath(path: string): string {
  return `${parentOf(path)}/${foldName(nameOf(path))}`;
}
