import type { FarShell } from '../far/far-shell.ts';

/** What is known of a file, at either end. */
export interface Version {
  readonly size: number;
  /** Milliseconds since 1970 (UTC). */
  readonly mtimeMs: number | undefined;
}

/** What is in the place of a far file; `undefined` for nothing, `unseen` for what may be there and is not told. */
export type FarFile = Version | 'folder' | 'unseen' | undefined;

/** The file at an absolute far path, or the one that a link there leads to. */
export async function farFileAt(path: string, far: FarShell): Promise<FarFile> {
  const entry = await far.entry(path);
  if (entry === undefined || entry === 'unseen') return entry;
  if (entry.kind === 'directory') return 'folder';
  if (entry.kind === 'file' && entry.mtimeMs !== undefined) return { size: entry.size, mtimeMs: entry.mtimeMs };
  // A link says nothing of the size of what it leads to, and a listing nothing exact of the time.
  const { size = entry.kind === 'file' ? entry.size : undefined, mtimeMs } = await far.version(path);
  return size === undefined ? 'unseen' : { size, mtimeMs };
}
