import { printable } from '../../files/printable.ts';
import { glance } from '../disk/glance.ts';
import { RealFolders } from '../disk/real-folders.ts';
import { moveAway, putFile, replaceWith, type StepResult } from '../disk/steps.ts';
import type { Trash } from '../disk/trash.ts';
import { hasWholeName } from '../model/conflict-name.ts';
import type { EntryPath } from '../model/entry.ts';
import { DeskError, notTaken } from './desk-error.ts';
import type { ConflictView, KeptView } from './share-desk.ts';

/** Where a choice between conflict copies is carried out. */
export interface KeepOptions {
  /** Of the share, without a link in it. */
  readonly root: string;
  readonly trash: Trash;
  readonly conflicts: readonly ConflictView[];
}

/**
 * Let one of several files that were in conflict stay, under the name of the original; all others go to the trash.
 *
 * What is on the disk counts: a version that was written a moment ago goes to the trash as well, and is not lost. At every moment
 * the original or what takes its place is there.
 *
 * @param names what may be meant: paths in the share of a conflict copy or of the original; the first that is one counts
 * @throws DeskError E_NO_CONFLICT, E_IN_THE_WAY: nothing was changed then; E_NOT_TAKEN: some may have gone to the trash
 */
export function keepCopy(names: readonly EntryPath[], { root, trash, conflicts }: KeepOptions): KeptView {
  const name = names.find((one) => conflicts.some(({ path, original }) => path === one || original === one));
  if (name === undefined) {
    const message = `${printable(names[0] ?? '')} is no conflict copy, and has none; the command conflicts lists them`;
    throw new DeskError('E_NO_CONFLICT', message);
  }
  const copy = conflicts.find(({ path }) => path === name);
  const original = copy?.original ?? name;
  const copies = conflicts.filter((one) => one.original === original).map(({ path }) => path);
  const keeping = new Keeping(new RealFolders(root), trash);
  try {
    if (copy === undefined) keeping.assertThere(original);
    else keeping.promote(copy.path, original);
    for (const other of copies) if (other !== copy?.path) keeping.discard(other);
    return { kept: original, from: copy?.path ?? null, trashed: keeping.trashed };
  } catch (error) {
    throw error instanceof DeskError ? error : notTaken(`${printable(name)} cannot be kept`, error);
  } finally {
    keeping.end();
  }
}

/** What became of conflict copies that were to go to the trash. */
export interface Discarded {
  /** They are there. */
  readonly discarded: readonly EntryPath[];
  /** Why others are not: each names its path. */
  readonly failures: readonly DeskError[];
}

/** Put conflict copies into the trash: one that cannot be moved does not keep the others from it. */
export function discardCopies(
  copies: readonly EntryPath[],
  { root, trash }: Omit<KeepOptions, 'conflicts'>,
): Discarded {
  const keeping = new Keeping(new RealFolders(root), trash);
  const discarded: EntryPath[] = [];
  const failures: DeskError[] = [];
  for (const copy of copies) {
    try {
      if (keeping.discard(copy)) discarded.push(copy);
    } catch (error) {
      const what = `${printable(copy)} cannot be put into the trash`;
      failures.push(error instanceof DeskError ? error : notTaken(what, error));
    }
  }
  keeping.end();
  return { discarded, failures };
}

class Keeping {
  /** Names in the trash. */
  readonly trashed: string[] = [];
  readonly #folders: RealFolders;
  readonly #trash: Trash;

  constructor(folders: RealFolders, trash: Trash) {
    this.#folders = folders;
    this.#trash = trash;
  }

  end(): void {
    this.#folders.release();
  }

  assertThere(original: EntryPath): void {
    if (glance(this.#at(original), 'follow').kind !== 'nothing') return;
    const message = `${printable(original)} is not there any more: name the conflict copy that is to take its place`;
    throw new DeskError('E_NO_CONFLICT', message);
  }

  /** Put a conflict copy in the place of the original. */
  promote(copy: EntryPath, original: EntryPath): void {
    const from = this.#at(copy);
    if (glance(from, 'follow').kind !== 'file') throw changed(copy);
    const to = this.#at(original);
    const found = glance(to, 'follow');
    if (found.kind === 'nothing') {
      assertWholeName(copy);
      assertDone(putFile(from, to), original);
    } else if (found.kind === 'file') {
      this.#intoTrash(original, (place) => replaceWith(from, to, found, place));
    } else {
      const what = found.kind === 'folder' ? 'is a folder' : 'cannot be shared';
      const message = `${printable(original)} ${what} now: move it away first, or keep it by its own name`;
      throw new DeskError('E_IN_THE_WAY', message);
    }
  }

  /** @returns whether it was there */
  discard(copy: EntryPath): boolean {
    const where = this.#at(copy);
    const found = glance(where, 'follow');
    // Whoever took it away meanwhile, or made a folder of it, did what is wanted.
    if (found.kind !== 'file') return false;
    this.#intoTrash(copy, (place) => moveAway(where, found, place));
    return true;
  }

  #intoTrash(path: EntryPath, move: (place: string) => StepResult): void {
    const place = this.#trash.placeFor(path);
    assertDone(move(place), path);
    this.trashed.push(this.#trash.nameOf(place));
  }

  #at(path: EntryPath): string {
    const place = this.#folders.at(path);
    if (place.kind === 'place') return place.where;
    if (place.kind === 'missing') throw changed(path);
    const message = `${printable(path)} lies behind the link ${printable(place.path)}, where nothing is changed: move it yourself`;
    throw new DeskError('E_IN_THE_WAY', message);
  }
}

/** What was cut off would be missing at the end of the name of the original. */
function assertWholeName(copy: EntryPath): void {
  if (hasWholeName(copy)) return;
  const message = `${printable(copy)} has so long a name that its original cannot be told: give it the right name yourself`;
  throw new DeskError('E_NO_CONFLICT', message);
}

function assertDone(result: StepResult, path: EntryPath): void {
  if (result === 'changed') throw changed(path);
}

function changed(path: EntryPath): DeskError {
  return new DeskError(
    'E_IN_THE_WAY',
    `${printable(path)} is not what it was a moment ago: look at it, then try again`,
  );
}
