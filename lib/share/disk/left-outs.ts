import { readProblem } from '../../base/read-problem.ts';
import type { LeftOut, LeftReason } from '../../files/left-out.ts';
import { type EntryPath, parentOf } from '../model/entry.ts';
import type { Look } from './look.ts';

/** Remembers what is there and not shared, so that it is told once. */
export class LeftOuts {
  readonly #left = new Map<string, LeftOut>();
  /** Files that were found and then could not be read, and why. */
  readonly #unreadable = new Map<EntryPath, LeftOut>();

  /** All that is there and not shared now. */
  get all(): readonly LeftOut[] {
    return [...this.#left.values(), ...this.#unreadable.values()];
  }

  /**
   * Somebody looked.
   *
   * @returns what has to be told: what was not there before, or not for that reason
   */
  take({ regions, left, found }: Pick<Look, 'regions' | 'left' | 'found'>): readonly LeftOut[] {
    // Nobody has to be told that what peers keep about the share is not a part of it.
    const seen = new Map(left.filter(({ reason }) => reason !== 'excluded').map((one) => [one.path, one]));
    const fresh = [...seen.values()].filter(({ path, reason }) => this.#left.get(path)?.reason !== reason);
    const looked = new Set(regions);
    for (const path of this.#left.keys()) if (isWithin(path, looked)) this.#left.delete(path);
    for (const one of seen.values()) this.#left.set(one.path, one);
    this.#forgetGone(looked, found);
    return fresh;
  }

  /**
   * A file that was found cannot be read.
   *
   * @param detail why, in a few words
   * @returns whether that has to be told
   */
  unreadable(path: EntryPath, detail: string): boolean {
    const isNews = this.#unreadable.get(path)?.detail !== detail;
    this.#unreadable.set(path, { path, reason: 'unreadable', detail });
    return isNews;
  }

  /** A file was read, after all. */
  readable(path: EntryPath): void {
    this.#unreadable.delete(path);
  }

  /** What cannot be read is found by everybody who looks there, as long as it is there. */
  #forgetGone(looked: ReadonlySet<EntryPath>, found: Look['found']): void {
    if (this.#unreadable.size === 0) return;
    const there = new Set(found.map(({ path }) => path));
    for (const path of this.#unreadable.keys()) {
      if (isWithin(path, looked) && !there.has(path)) this.#unreadable.delete(path);
    }
  }
}

const REASONS: Readonly<Record<LeftReason, string>> = {
  excluded: 'it is not to be shared',
  'too-deep': 'it lies too deep, or its path is too long',
  unreadable: 'it cannot be read',
  link: 'it is a symbolic link, and those are not followed',
  dangling: 'it is a symbolic link to nothing',
  loop: 'it is a symbolic link to a folder that it lies in',
  special: 'it is a pipe, a socket or a device',
  name: 'its name is not valid UTF-8',
};

/** Why something is not shared, for people. */
export function leftInWords({ reason, detail }: LeftOut): string {
  if (detail === undefined) return REASONS[reason];
  // Where it has a code of the system, that says it in words.
  const words = readProblem(Object.assign(new Error(detail), /^E[A-Z0-9]+$/.test(detail) ? { code: detail } : {}));
  return `${REASONS[reason]}: ${words}`;
}

function isWithin(path: EntryPath, regions: ReadonlySet<EntryPath>): boolean {
  for (let at = path; ; at = parentOf(at)) {
    if (regions.has(at)) return true;
    if (at === '') return false;
  }
}
