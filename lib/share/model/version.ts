/** 64 random bits as 16 hexadecimal digits, made with the database of a peer and never used again after that one was lost. */
export type ReplicaId = string;

/** How far one replica had counted when it last changed an entry. */
export interface Counter {
  readonly replica: ReplicaId;
  readonly count: number;
}

/** A version vector: one counter for each replica that ever changed the entry, in the order of their ids. */
export type Version = readonly Counter[];

/** What is said of `a` beside `b`: `after` has seen all of `b` and more; `concurrent` means that neither has seen the other. */
export type Relation = 'equal' | 'after' | 'before' | 'concurrent';

/** Of something that nobody ever changed. */
export const NO_VERSION: Version = [];

/**
 * How many counters a version has at the most: far more than a share has peers, but each database that was lost leaves one.
 *
 * Of more, those that counted last stay; they are about the same as times of day. Who never saw that change of the others may
 * take an old version for one that has seen as little: a conflict too many, of which both sides are kept.
 */
export const MOST_COUNTERS = 64;

/** How `a` stands to `b`. */
export function relationOf(a: Version, b: Version): Relation {
  const isBehind = b.some(({ replica, count }) => countOf(a, replica) < count);
  const isAhead = a.some(({ replica, count }) => countOf(b, replica) < count);
  if (isAhead) return isBehind ? 'concurrent' : 'after';
  return isBehind ? 'before' : 'equal';
}

/** The least version that has seen both, as far as {@link MOST_COUNTERS} allow. */
export function joinOf(a: Version, b: Version): Version {
  const counts = new Map(a.map(({ replica, count }) => [replica, count]));
  for (const { replica, count } of b) counts.set(replica, Math.max(count, counts.get(replica) ?? 0));
  return inOrder(counts);
}

/**
 * The version of a change that a replica makes now.
 *
 * Its count jumps to the time of day: a database that was brought back from a backup then never counts anew what it has
 * told others already.
 *
 * @param now milliseconds since 1970
 */
export function nextVersion(version: Version, replica: ReplicaId, now: number): Version {
  const counts = new Map(version.map((counter) => [counter.replica, counter.count]));
  // Not the first one to be left out, whatever the clock says.
  const least = counts.size < MOST_COUNTERS ? 0 : Math.min(...counts.values());
  const count = Math.max(countOf(version, replica) + 1, Math.floor(now / 1000), least + 1);
  return inOrder(counts.set(replica, count));
}

function countOf(version: Version, replica: ReplicaId): number {
  return version.find((counter) => counter.replica === replica)?.count ?? 0;
}

function inOrder(counts: ReadonlyMap<ReplicaId, number>): Version {
  const counters = [...counts].map(([replica, count]) => ({ replica, count }));
  return latest(counters).sort((a, b) => (a.replica < b.replica ? -1 : 1));
}

/** The same of the same counters, and of what is left of them, with whatever they are joined first. */
function latest(counters: Counter[]): Counter[] {
  if (counters.length <= MOST_COUNTERS) return counters;
  const isBefore = (a: Counter, b: Counter) => (a.count === b.count ? a.replica < b.replica : a.count > b.count);
  return counters.sort((a, b) => (isBefore(a, b) ? -1 : 1)).slice(0, MOST_COUNTERS);
}
