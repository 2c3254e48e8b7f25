import type { LeftOut } from '../../files/left-out.ts';
import { type EntryPath, parentOf } from '../model/entry.ts';
import type { Look } from './look.ts';

/** Remembers what is there and not shared, so that it is told once. */
export class LeftOuts {
  readonly #left = new Map<string, LeftOut>();

  /** All that is there and not shared now. */
  get all(): readonly LeftOut[] {
    return [...this.#left.values()];
  }

  /**
   * Somebody looked.
   *
   * @returns what has to be told: what was not there before, or not for that reason
   */
  take({ regions, left }: Pick<Look, 'regions' | 'left'>): readonly LeftOut[] {
    // Nobody has to be told that what peers keep about the share is not a part of it.
    const seen = new Map(left.filter(({ reason }) => reason !== 'excluded').map((one) => [one.path, one]));
    const fresh = [...seen.values()].filter(({ path, reason }) => this.#left.get(path)?.reason !== reason);
    const looked = new Set(regions);
    for (const path of this.#left.keys()) if (isWithin(path, looked)) this.#left.delete(path);
    for (const one of seen.values()) this.#left.set(one.path, one);
    return fresh;
  }
}

function isWithin(path: EntryPath, regions: ReadonlySet<EntryPath>): boolean {
  for (let at = path; ; at = parentOf(at)) {
    if (regions.has(at)) return true;
    if (at === '') return false;
  }
}
