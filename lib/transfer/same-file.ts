import type { FarEntry, Uploaded } from './transport.ts';

/** What is compared of a far file. */
export type FarFile = Omit<FarEntry, 'name'>;

/** Tells whether a far file is a near one, by size and time: its content is never read. */
export class SameFile {
  readonly #keepsTimes: boolean;

  /** @param keepsTimes can the far side hold a file's time? Any answer will do where {@link dependsOnTimes} never says so */
  constructor(keepsTimes: boolean) {
    this.#keepsTimes = keepsTimes;
  }

  /** May a file nobody knows be taken for this one? Equal in size and second; where no times are kept, not older. */
  is(near: Uploaded, far: FarFile): boolean {
    if (!isOfSize(near, far) || far.mtimeMs === undefined) return false;
    const [nearSecond, farSecond] = [secondOf(near.mtimeMs), secondOf(far.mtimeMs)];
    return nearSecond === farSecond || (farSecond > nearSecond && !this.#keepsTimes);
  }

  /** Is a file that was this one still the same? Equal in size, and in time where the far side keeps and tells it. */
  isStill(known: Uploaded, far: FarFile): boolean {
    if (!isOfSize(known, far)) return false;
    return far.mtimeMs === undefined || !this.#keepsTimes || secondOf(known.mtimeMs) === secondOf(far.mtimeMs);
  }
}

/** Does it depend on whether times are kept if the two are the same? */
export function dependsOnTimes(version: Uploaded, far: FarFile): far is FarFile & { readonly mtimeMs: number } {
  return isOfSize(version, far) && far.mtimeMs !== undefined && secondOf(version.mtimeMs) !== secondOf(far.mtimeMs);
}

function isOfSize({ size }: Uploaded, far: FarFile): boolean {
  return far.kind === 'file' && far.size === size;
}

/** FTP carries whole seconds. */
function secondOf(mtimeMs: number): number {
  return Math.floor(mtimeMs / 1000);
}
