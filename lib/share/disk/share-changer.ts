import { type BigIntStats, lstatSync, rmSync } from 'node:fs';
import { readProblem } from '../../base/read-problem.ts';
import type { LeftReason } from '../../files/left-out.ts';
import { conflictPath } from '../model/conflict-name.ts';
import { type EntryPath, exists, type FileContent, hasSameBytes, isSameContent } from '../model/entry.ts';
import type { Applied, Change } from '../replica/events.ts';
import { changeEntry, type Saving, type Site } from './change-entry.ts';
import { copyWhole, freshName, haveSameBytes } from './copies.ts';
import type { DiskSync } from './disk-sync.ts';
import { glance, isExecutable, mtimeMsOf, type Shareable, stampAt } from './glance.ts';
import { isShown, materialise, type ShareFolders, showsNothing } from './materialise.ts';
import { RealFolders } from './real-folders.ts';
import { isSameFile, stampPut } from './same-file.ts';
import type { Trash } from './trash.ts';

/** What a changer works with. */
export interface ChangerOptions extends ShareFolders {
  readonly trash: Trash;
  readonly sync: DiskSync;
  /** What is taken away from others of a new file; default: that of this process. */
  readonly umask?: number;
}

/** What is prepared for a change that takes time. */
interface Material {
  readonly part: string | undefined;
  readonly saving: (Saving & { readonly path: EntryPath }) | undefined;
  /** Files that nobody needs when the change is over. */
  readonly copies: readonly string[];
}

type Found = Site['found'];

const CHANGED: Applied = { result: 'changed' };

// Of the id of a content in the name of a conflict copy; with all of them only the same content can have it.
const MORE_DIGITS = [16, 64];

const IN_THE_WAY: Readonly<Partial<Record<LeftReason, string>>> = {
  link: 'a link is in the way, and links are not followed',
  dangling: 'a link that leads nowhere is in the way',
  loop: 'a link that leads in a circle is in the way',
  special: 'a pipe, socket or device is in the way',
};

/**
 * Changes the share: what lies at a path is what was expected, or it stays as it is.
 *
 * It is looked at without waiting right before it is changed, by way of real folders only. The one thing that cannot be excluded is
 * that a program puts another file in place of an old one within the microseconds between the look and the rename over it.
 */
export class ShareChanger {
  readonly #options: ChangerOptions;
  readonly #folders: RealFolders;
  readonly #umask: number;

  constructor(options: ChangerOptions) {
    this.#options = options;
    this.#folders = new RealFolders(options.root);
    this.#umask = options.umask ?? process.umask();
  }

  /**
   * Do a change. It waits for the disk only where a link or another name is in play; {@link release} has to be called before its
   * caller waits for something else.
   *
   * @param part the whole content, where that is new: on the disk, safe from a power failure; it is used up
   */
  async apply(change: Change, part?: string): Promise<Applied> {
    try {
      return await this.#apply(change, part);
    } catch (error) {
      return { result: 'failed', reason: readProblem(error) };
    }
  }

  /** Let go of the folders of the last changes. */
  release(): void {
    this.#folders.release();
  }

  async #apply(change: Change, part: string | undefined): Promise<Applied> {
    const place = this.#folders.at(change.path);
    if (place.kind === 'missing') return CHANGED;
    if (place.kind === 'link') return await this.#makeReal(place.path, change);
    const found = this.#look(place.where, change);
    if ('result' in found) return found;
    const outcome = needsTime(found, change)
      ? await this.#applySlowly(found, change, part)
      : this.#perform(place.where, found, change, { part, saving: undefined, copies: [] });
    if (outcome.result !== 'changed' || found.kind !== 'folder') return outcome;
    this.release();
    const isInTheWay = await showsNothing(change.path, this.#options);
    return isInTheWay ? { result: 'failed', reason: 'the folder holds something that cannot be shared' } : outcome;
  }

  /** What lies there where it is what was expected, else what became of the change. */
  #look(where: string, { path, from }: Change): Found | Applied {
    const found = glance(where, this.#options.links);
    if (found.kind === 'unshareable') {
      return { result: 'failed', reason: IN_THE_WAY[found.reason] ?? readProblem(found.cause) };
    }
    if (isExpected(found, from)) return found;
    // Nobody who looks there sees it.
    const isHidden = found.kind === 'folder' && found.link !== undefined && !isShown(path, this.#options);
    return isHidden ? { result: 'failed', reason: 'a link that is not followed is in the way' } : CHANGED;
  }

  #perform(where: string, found: Found, change: Change, { part, saving }: Material): Applied {
    const { trash } = this.#options;
    const { from, to, path } = change;
    let trashed: string | undefined;
    const stamp = changeEntry({
      where,
      found,
      from: from.content,
      to,
      part,
      saving,
      umask: this.#umask,
      trash: () => {
        trashed = trash.placeFor(path);
        return trashed;
      },
    });
    if (stamp === undefined) return CHANGED;
    if (trashed !== undefined && from.content.type === 'file') trash.remember(from.content.id, trashed);
    if (saving === undefined) return { result: 'done', stamp };
    return { result: 'done', stamp, saved: { path: saving.path, stamp: stampOfSaved(saving, found) } };
  }

  async #applySlowly(found: Found, change: Change, part: string | undefined): Promise<Applied> {
    this.release();
    if (found.kind === 'folder' && !(await showsNothing(change.path, this.#options))) return CHANGED;
    const material = await this.#gather(found, change, part);
    if ('result' in material) return material;
    try {
      // Time has passed.
      const place = this.#folders.at(change.path);
      if (place.kind !== 'place') return CHANGED;
      const now = this.#look(place.where, change);
      if ('result' in now) return now;
      const ready = this.#inRealFolder(material);
      return ready === undefined ? CHANGED : this.#perform(place.where, now, change, ready);
    } finally {
      this.release();
      // Without waiting: what was changed is not kept before its caller is told.
      for (const copy of material.copies) rmSync(copy, { force: true });
    }
  }

  async #gather(found: Found, change: Change, part: string | undefined): Promise<Material | Applied> {
    const { path, from, to, saveAs } = change;
    if (found.kind !== 'file' || from.content.type !== 'file') return { part, saving: undefined, copies: [] };
    const copy = found.link === undefined ? undefined : await this.#copyOf(path);
    if (copy === null) return CHANGED;
    const copies = copy === undefined ? [] : [copy];
    const material = { part: hasSameBytes(from.content, to) ? (copy ?? part) : part, copies };
    if (saveAs === undefined) return { ...material, saving: undefined };
    const saving = await this.#savingOf(path, from.content, saveAs);
    if (saving === undefined) return { result: 'failed', reason: 'all names for a copy of what is there are taken' };
    return { ...material, saving: { ...saving, copy: saving.there === undefined ? copy : undefined } };
  }

  /** Where what lies at a path is to be saved: a name that is free, or has just that content already. */
  async #savingOf(path: EntryPath, content: FileContent, saveAs: EntryPath): Promise<Material['saving']> {
    const { root } = this.#options;
    for (const name of [saveAs, ...MORE_DIGITS.map((digits) => conflictPath(path, content, digits))]) {
      const where = `${root}/${name}`;
      const there = glance(where, 'skip');
      const free = { path: name, where, there: undefined, copy: undefined };
      if (there.kind === 'nothing') return free;
      if (there.kind !== 'file' || !isLike(there, content)) continue;
      if (await haveSameBytes(where, `${root}/${path}`)) return { ...free, there: there.stats };
    }
    return undefined;
  }

  /**
   * The name for what is saved, by way of real folders: it lies in the folder of the entry itself. `undefined` where what has it
   * already was changed or removed meanwhile.
   */
  #inRealFolder(material: Material): Material | undefined {
    const { saving } = material;
    if (saving === undefined) return material;
    const place = this.#folders.at(saving.path);
    if (place.kind !== 'place') throw new RangeError('a conflict copy lies beside its original');
    if (saving.there !== undefined && !lies(place.where, saving.there)) return undefined;
    return { ...material, saving: { ...saving, where: place.where } };
  }

  /** A copy of what a link leads to; `null` where that was changed meanwhile. */
  async #copyOf(path: EntryPath): Promise<string | null> {
    const { root, tmp, sync } = this.#options;
    const copy = freshName(tmp);
    if ((await copyWhole(`${root}/${path}`, copy)) === undefined) return null;
    await sync.bring([copy]);
    return copy;
  }

  /** What is to be changed is shown by a link to a folder: the link gives way to a copy of the folder, which then is looked at. */
  async #makeReal(link: EntryPath, change: Change): Promise<Applied> {
    const { sync, trash, root, links } = this.#options;
    this.release();
    if (links === 'skip') return { result: 'failed', reason: 'a link is in the way, and links are not followed' };
    const found = this.#look(`${root}/${change.path}`, change);
    if ('result' in found) return found;
    const made = await materialise(link, this.#options, sync, () => trash.placeFor(link));
    return typeof made === 'string' ? CHANGED : { result: 'failed', reason: made.reason };
  }
}

function isExpected(found: Found, { content, stamp }: Change['from']): boolean {
  if (found.kind === 'nothing') return !exists(content);
  if (found.kind === 'folder') return content.type === 'directory';
  return content.type === 'file' && stampAt(found) === stamp;
}

function needsTime(found: Found, { from, to, saveAs }: Change): boolean {
  if (saveAs !== undefined) return true;
  if (found.kind === 'nothing' || found.link === undefined) return false;
  if (found.kind === 'folder') return to.type !== 'directory';
  return hasSameBytes(from.content, to) && !isSameContent(from.content, to);
}

/** Does this file still lie there? */
function lies(where: string, file: BigIntStats): boolean {
  const now = lstatSync(where, { bigint: true, throwIfNoEntry: false });
  return now !== undefined && isSameFile(now, file);
}

function isLike({ stats }: Shareable, { size, mtimeMs, isExecutable: mayExecute }: FileContent): boolean {
  return Number(stats.size) === size && mtimeMsOf(stats) === mtimeMs && isExecutable(stats) === mayExecute;
}

function stampOfSaved({ where, copy, there }: Saving, found: Found): string {
  if (there !== undefined) return stampPut(where, there);
  const isOriginal = copy === undefined && found.kind === 'file';
  return stampPut(where, isOriginal ? found.stats : lstatSync(where, { bigint: true }));
}
