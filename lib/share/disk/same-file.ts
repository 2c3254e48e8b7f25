import { type BigIntStats, lstatSync } from 'node:fs';
import type { Stamp } from '../model/entry.ts';
import { stampOf } from './stamp.ts';

/** The same file, not written to in between; whether it was linked, renamed or given other rights is not asked. */
export function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/**
 * The stamp of a file that was just put somewhere.
 *
 * @param before what it was before
 * @returns where another one lies there already, a stamp that it never has
 */
export function stampPut(where: string, before: BigIntStats): Stamp {
  const now = lstatSync(where, { bigint: true, throwIfNoEntry: false });
  // Whoever writes to it from now on gives it another time than the one that it was given here.
  const beganMs = Number.POSITIVE_INFINITY;
  return stampOf(now !== undefined && isSameFile(now, before) ? now : before, { beganMs });
}
