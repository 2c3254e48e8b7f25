import {
  type BigIntStats,
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  utimesSync,
} from 'node:fs';
import type { FileContent } from '../model/entry.ts';
import { isSameFile } from './same-file.ts';

/** What is said of a file besides its bytes. */
export type Attributes = Pick<FileContent, 'isExecutable' | 'mtimeMs'>;

const READ_BY_ALL = 0o444;
const EXECUTED_BY_ALL = 0o111;
const EXECUTED_BY_OWNER = 0o100;
const RIGHTS = 0o777n;
const NS_PER_MS = 1_000_000n;

// The microsecond that is added, and what is lost where the seconds are told as a fraction.
const MOST_NS_BEYOND = 2000n;

// A pipe that was put in the place of the file must not be waited for.
const TO_LOOK = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The rights of a file: of a new one those of any new file of this user, of another one those that it had.
 *
 * @param before what lay there, or is changed
 * @param umask what this user takes away from others
 */
export function modeOf(isExecutable: boolean, before: BigIntStats | undefined, umask: number): number {
  const had = before === undefined ? 0o666 & ~umask : Number(before.mode & RIGHTS);
  if (!isExecutable) return had & ~EXECUTED_BY_ALL;
  // Who may read it may execute it.
  return had | (((had & READ_BY_ALL) >> 2) & ~umask) | EXECUTED_BY_OWNER;
}

/**
 * Of a file that nobody else has: no link can be in its place. What is as it is to be is left alone.
 *
 * @returns what the file is now but for its rights, and when they were changed
 */
export function setAttributes(where: string, attributes: Attributes, mode: number): BigIntStats {
  const before = lstatSync(where, { bigint: true });
  if (Number(before.mode & RIGHTS) !== mode) chmodSync(where, mode);
  if (hasTime(before, attributes)) return before;
  const time = secondsOf(attributes.mtimeMs);
  utimesSync(where, time, time);
  return lstatSync(where, { bigint: true });
}

/** Give an open file its time. */
export function setTime(file: number, attributes: Pick<Attributes, 'mtimeMs'>): void {
  const time = secondsOf(attributes.mtimeMs);
  futimesSync(file, time, time);
}

/**
 * The same for a file in the share.
 *
 * @param before what it has to be
 * @returns the file with them; `undefined` where something else lies there now
 */
export function changeAttributes(
  where: string,
  attributes: Attributes,
  before: BigIntStats,
  mode: number,
): BigIntStats | undefined {
  const file = openSync(where, TO_LOOK);
  try {
    if (!isSameFile(fstatSync(file, { bigint: true }), before)) return undefined;
    fchmodSync(file, mode);
    setTime(file, attributes);
    return fstatSync(file, { bigint: true });
  } finally {
    closeSync(file);
  }
}

/**
 * A time in whole milliseconds, as utimes(2) is told it by Node: in seconds. A microsecond more: as a fraction of a second most
 * milliseconds are a little less, and times are rounded down. As a text: Node takes a number below zero for the present time.
 */
export function secondsOf(ms: number): string {
  return `${(ms + 0.001) / 1000}`;
}

/** Was it given this time? One that is only about the same may be that of a write just now. */
function hasTime({ mtimeNs }: BigIntStats, { mtimeMs }: Attributes): boolean {
  const beyond = mtimeNs - BigInt(mtimeMs) * NS_PER_MS;
  return beyond >= 0n && beyond <= MOST_NS_BEYOND;
}
