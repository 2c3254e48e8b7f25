import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import type { LeftReason } from '../../files/left-out.ts';
import type { LinkPolicy } from '../../files/visit.ts';
import type { Stamp } from '../model/entry.ts';
import { stampOf } from './stamp.ts';

/** What lies at a place on the disk. */
export type Glance = { readonly kind: 'nothing' } | Shareable | Unshareable;

/** A file or a folder, or a link to one. */
export interface Shareable {
  readonly kind: 'file' | 'folder';
  /** Of what a link leads to. */
  readonly stats: BigIntStats;
  /** Of the link itself. */
  readonly link: BigIntStats | undefined;
}

/** Something that is there and cannot be shared. */
export interface Unshareable {
  readonly kind: 'unshareable';
  readonly reason: LeftReason;
  /** What the system said. */
  readonly cause: unknown;
}

/** The stamp of a folder: there is nothing about it that could change. */
export const FOLDER_STAMP: Stamp = 'folder';

// Execution by the owner.
const BY_OWNER = 0o100n;

// Whether it was changed just now does not count here: who reads it looks for that.
const LONG_AFTER = Number.POSITIVE_INFINITY;

const NS_PER_MS = 1_000_000n;

/** Look at what lies at a place; whatever the system says is an answer. */
export function glance(where: string, links: LinkPolicy): Glance {
  try {
    const own = lstatSync(where, { bigint: true, throwIfNoEntry: false });
    if (own === undefined) return { kind: 'nothing' };
    return own.isSymbolicLink() ? follow(where, own, links) : sort(own, undefined);
  } catch (error) {
    return codeOf(error) === 'ENOTDIR' ? { kind: 'nothing' } : unshareable('unreadable', error);
  }
}

/** By what a change of it is noticed: to be compared with a stamp that was taken when it was read. */
export function stampAt({ kind, stats, link }: Shareable): Stamp {
  return kind === 'folder' ? FOLDER_STAMP : stampOf(stats, { beganMs: LONG_AFTER, link });
}

/** Whole milliseconds since 1970, rounded down. */
export function mtimeMsOf({ mtimeNs }: BigIntStats): number {
  const rest = ((mtimeNs % NS_PER_MS) + NS_PER_MS) % NS_PER_MS;
  return Number((mtimeNs - rest) / NS_PER_MS);
}

/** May its owner execute it? */
export function isExecutable({ mode }: BigIntStats): boolean {
  return (mode & BY_OWNER) !== 0n;
}

function follow(where: string, link: BigIntStats, links: LinkPolicy): Glance {
  if (links === 'skip') return unshareable('link');
  try {
    return sort(statSync(where, { bigint: true }), link);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return unshareable('dangling', error);
    return unshareable(code === 'ELOOP' ? 'loop' : 'unreadable', error);
  }
}

function sort(stats: BigIntStats, link: BigIntStats | undefined): Glance {
  if (stats.isFile()) return { kind: 'file', stats, link };
  return stats.isDirectory() ? { kind: 'folder', stats, link } : unshareable('special');
}

function unshareable(reason: LeftReason, cause?: unknown): Unshareable {
  return { kind: 'unshareable', reason, cause };
}
