import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { Stamp } from '../model/entry.ts';

// The clock of a disk goes on in steps of 4 to 10 milliseconds: what was changed less than 20 ago may be changed once more
// without another time.
const STEP_MS = 20;

// Some file systems keep whole seconds, FAT every other one.
const COARSE_STEP_MS = 2000;

// The clock of a file server may be ahead of ours. What is further ahead was set by hand, and a change will not repeat it.
const AHEAD_MS = 60_000;

const NS_PER_MS = 1_000_000n;
const NS_PER_S = 1_000_000_000n;

/** What {@link stampOf} is told besides what the disk says. */
export interface Look {
  /** When it was begun to look or to read, in milliseconds since 1970. */
  readonly beganMs: number;
  /** The link that was followed to what is there; missing where there was none. */
  readonly link?: BigIntStats | undefined;
}

/**
 * By what the disk tells whether a file was changed since.
 *
 * One that has just been changed may be changed again within the same step of the clock: its stamp is never equal to another.
 */
export function stampOf(stats: BigIntStats, { beganMs, link }: Look): Stamp {
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const parts: (bigint | string)[] = [dev, ino, size, mtimeNs, ctimeNs];
  if (link !== undefined) parts.push(link.ino, link.ctimeNs);
  if (isFresh(stats, beganMs) || (link !== undefined && isFresh(link, beganMs)))
    parts.push(randomBytes(8).toString('hex'));
  return parts.join(':');
}

const PARTS_OF_A_FILE = 4;

/** Which file it was, and when it was last written to: what a file keeps that is renamed. */
export function fileOf(stamp: Stamp): string {
  return stamp.split(':', PARTS_OF_A_FILE).join(':');
}

function isFresh({ mtimeNs, ctimeNs }: BigIntStats, beganMs: number): boolean {
  const step = ctimeNs % NS_PER_S === 0n ? COARSE_STEP_MS : STEP_MS;
  return [mtimeNs, ctimeNs].some((ns) => {
    const ms = Number(ns / NS_PER_MS);
    return ms > beganMs - step && ms < beganMs + AHEAD_MS;
  });
}
