import type { Stats } from 'node:fs';

/** A regular file as one scan, one listing or the journal knows it. */
export class File {
  /** Its name in its folder, never a path. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Time of the last change of its content, whole milliseconds since 1970 (UTC). */
  readonly mtimeMs: number;

  constructor(name: string, size: number, mtimeMs: number) {
    this.name = name;
    this.size = size;
    this.mtimeMs = mtimeMs;
  }
}

/**
 * The time of a file as it is compared: whole milliseconds since 1970 (UTC), rounded down.
 *
 * From Node's own number and nowhere else: it is rounded when it is made, so that what bigint statistics tell is now and
 * then a millisecond less, and a file would count as changed in every cycle.
 */
export function mtimeOf({ mtimeMs }: Stats): number {
  return Math.floor(mtimeMs);
}
