import { originalOf } from '../model/conflict-name.ts';
import type { Content, EntryPath, FileContent } from '../model/entry.ts';
import type { SavedEntry } from '../replica/events.ts';
import type { ConflictView } from './share-desk.ts';

/**
 * The conflict copies among some entries, in the order of their paths.
 *
 * @param contentAt what lies at a path
 */
export function conflictsAmong(
  entries: Iterable<SavedEntry>,
  contentAt: (path: EntryPath) => Content | undefined,
): readonly ConflictView[] {
  const found: ConflictView[] = [];
  for (const { entry } of entries) {
    const original = entry.content.type === 'file' ? originalOf(entry.path) : undefined;
    if (original !== undefined && entry.content.type === 'file')
      found.push(viewOf(entry.path, entry.content, original, contentAt(original)));
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function viewOf(path: EntryPath, { size, mtimeMs }: FileContent, original: EntryPath, now: Content | undefined) {
  const there = now?.type === 'file' ? now : undefined;
  return {
    path,
    size,
    mtimeMs,
    original,
    originalSize: there?.size ?? null,
    originalMtimeMs: there?.mtimeMs ?? null,
    isOriginalFolder: now?.type === 'directory',
  };
}
