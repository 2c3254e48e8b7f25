import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Entry, entriesBelow, onDisk, readable } from './disk.ts';

/** What counts besides names, kinds and content. */
export interface CompareOptions {
  /** Must files have the same time of last change, in whole seconds? */
  readonly times: boolean;
  /** Must files have the same content? Default: yes. */
  readonly contents?: boolean;
}

/**
 * Compare two folders and all below them: names by their bytes, kinds, contents by SHA-256 and, when asked, the times of
 * files.
 *
 * @returns one line for each difference; none when the trees are equal
 * @throws Error ENOENT when one of the folders is not there: nothing is not equal to nothing
 */
export function compareTrees(a: string, b: string, options: CompareOptions): readonly string[] {
  const inA = byPath(entriesBelow(a));
  const inB = byPath(entriesBelow(b));
  const differences: string[] = [];
  for (const path of [...new Set([...inA.keys(), ...inB.keys()])].sort()) {
    const entryA = inA.get(path);
    const entryB = inB.get(path);
    if (entryA === undefined) differences.push(`${readable(path)}: only in ${b}`);
    else if (entryB === undefined) differences.push(`${readable(path)}: only in ${a}`);
    else differences.push(...differencesOf({ root: a, entry: entryA }, { root: b, entry: entryB }, options));
  }
  return differences;
}

interface Side {
  readonly root: string;
  readonly entry: Entry;
}

function differencesOf(a: Side, b: Side, { times, contents = true }: CompareOptions): readonly string[] {
  const name = readable(a.entry.path);
  if (a.entry.kind !== b.entry.kind) return [`${name}: ${a.entry.kind} in ${a.root}, ${b.entry.kind} in ${b.root}`];
  if (a.entry.kind !== 'file') return [];
  const found: string[] = [];
  const { size } = a.entry.stats;
  if (size !== b.entry.stats.size)
    found.push(`${name}: ${size} bytes in ${a.root}, ${b.entry.stats.size} in ${b.root}`);
  else if (contents && hashOf(a) !== hashOf(b)) found.push(`${name}: same size, other content`);
  if (times && timeOf(a) !== timeOf(b)) found.push(`${name}: of ${timeOf(a)} in ${a.root}, ${timeOf(b)} in ${b.root}`);
  return found;
}

function hashOf({ root, entry }: Side): string {
  return createHash('sha256')
    .update(readFileSync(onDisk(root, entry.path)))
    .digest('hex');
}

function timeOf({ entry }: Side): string {
  return new Date(Math.floor(entry.stats.mtimeMs / 1000) * 1000).toISOString();
}

function byPath(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [entry.path, entry]));
}
