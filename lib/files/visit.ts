import { type Stats, statSync } from 'node:fs';
import { codeOf } from '../base/coded-error.ts';
import type { Directory } from './directory.ts';
import type { LeftReason } from './left-out.ts';

/** What to do with symbolic links: leave them out, or take them for what they lead to. */
export type LinkPolicy = 'skip' | 'follow';

/** A folder a scan comes to: what the result holds of it, and what the system calls it. */
export interface Visit {
  readonly directory: Directory;
  /** Relative to the root. */
  readonly path: string;
  /** For the system. */
  readonly where: string;
  readonly depth: number;
  readonly stats: Stats;
  /** The folder it lies in; `undefined` for the root. */
  readonly parent: Visit | undefined;
}

/** Is the folder still there, and still the same one? */
export function isStillThere({ where, stats }: Pick<Visit, 'where' | 'stats'>): boolean {
  try {
    const now = statSync(where);
    return now.dev === stats.dev && now.ino === stats.ino;
  } catch {
    // Whatever the reason: a folder that cannot be looked at can be trusted no more than one that is not there.
    return false;
  }
}

/** Why a link cannot be followed, and what the system says to it. */
export interface BrokenLink {
  readonly reason: LeftReason;
  readonly detail: string | undefined;
}

/**
 * What a link leads to, or why it cannot be followed.
 *
 * @param visit the folder it lies in
 * @param where path of the link for the system
 */
export function targetOf(visit: Visit, where: string): Stats | BrokenLink {
  try {
    const target = statSync(where);
    return target.isDirectory() && leadsUp(visit, where, target) ? { reason: 'loop', detail: undefined } : target;
  } catch (error) {
    const code = codeOf(error);
    return { reason: reasonOf(code), detail: code };
  }
}

/** Does it lead to a folder it lies in? */
function leadsUp(visit: Visit, where: string, target: Stats): boolean {
  for (let at: Visit | undefined = visit; at; at = at.parent) {
    if (at.stats.ino === target.ino && at.stats.dev === target.dev && areSame(at.where, where)) return true;
  }
  return false;
}

function reasonOf(code: string | undefined): LeftReason {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'dangling';
  // The system follows 40 links in one path, then it takes them for a loop (path_resolution(7)).
  return code === 'ELOOP' ? 'loop' : 'unreadable';
}

/** Compared in full: Node's everyday numbers round those above 2^53, which some file systems give. */
function areSame(one: string, other: string): boolean {
  const a = statSync(one, { bigint: true });
  const b = statSync(other, { bigint: true });
  return a.ino === b.ino && a.dev === b.dev;
}
