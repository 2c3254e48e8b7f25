import type { Version } from '../model/version.ts';
import type { PeerRecord } from './peer-record.ts';
import type { Place } from './places.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

// Who restores a file from a backup, or brings back an old disk, does so within a month as a rule.
const LEAST_DAYS = 30;

// A peer that is gone for ever would keep all deletions for ever; who is away for half a year tells all anew.
const MOST_DAYS = 180;

/** Up to which number peers have dealt with what they were told. */
export interface Acknowledged {
  /** All that were ever met. */
  readonly byAll: number;
  readonly byConnected: number;
}

/** What the least of them has; told once for all deletions, since both may be many. */
export function leastAcknowledged(peers: Iterable<PeerRecord>): Acknowledged {
  let byAll = Number.POSITIVE_INFINITY;
  let byConnected = byAll;
  for (const { acknowledged, isConnected } of peers) {
    byAll = Math.min(byAll, acknowledged);
    if (isConnected) byConnected = Math.min(byConnected, acknowledged);
  }
  return { byAll, byConnected };
}

/**
 * May a deletion be forgotten?
 *
 * After 30 days, when all peers that were ever met have dealt with it; after 180 days, when all that are connected have.
 *
 * @param now milliseconds since 1970
 */
export function isForgettable({ held, task, offers }: Place, acknowledged: Acknowledged, now: number): boolean {
  if (held?.entry.content.type !== 'deleted' || task !== undefined || offers.size > 0) return false;
  const days = (now - timeOf(held.entry.version)) / DAY_MS;
  if (days < LEAST_DAYS) return false;
  // Who is here deals with it first. What it has told before that would be taken for new otherwise, and it would not take it back:
  // it heard of the deletion from this one.
  return held.number <= (days < MOST_DAYS ? acknowledged.byAll : acknowledged.byConnected);
}

/** About when something was changed last, in milliseconds since 1970: counts go by seconds, and are never behind. */
function timeOf(version: Version): number {
  return 1000 * version.reduce((latest, { count }) => Math.max(latest, count), 0);
}
