import type { Content, Entry, EntryPath } from '../../../lib/share/model/entry.ts';
import type { Change, SavedEntry } from '../../../lib/share/replica/events.ts';

export const PEER = 'aaaaaaaaaaaaaaaa';
export const OTHER = 'bbbbbbbbbbbbbbbb';

/** A file of one chunk. */
export function fileOf(size: number): Content {
  return {
    type: 'file',
    size,
    id: size.toString(16).padStart(64, '0'),
    mtimeMs: 1_795_362_000_000 + size,
    isExecutable: size % 2 === 1,
  };
}

/** An entry at a path that two replicas have changed. */
export function entryOf(path: EntryPath, content: Content): Entry {
  const version = [
    { replica: PEER, count: 1_795_362_000 },
    { replica: OTHER, count: 7 },
  ];
  return { path, content, version };
}

/** The entry of a file as it is kept. */
export function savedFile(path: EntryPath, number: number): SavedEntry {
  const stamp = `64769:${1_000_000 + number}:${number}:1795362000123456789:1795362000123456789`;
  return { entry: entryOf(path, fileOf(number)), number, stamp };
}

/** A change that brings a file to a path where nothing is. */
export function changeTo(entry: Entry): Change {
  return { path: entry.path, from: { content: { type: 'deleted' }, stamp: '' }, to: entry.content, entry };
}
