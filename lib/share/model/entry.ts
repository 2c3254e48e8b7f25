import type { Version } from './version.ts';

/** The path of an entry below the share: names joined by `/`, the root itself is `''`. */
export type EntryPath = string;

/**
 * What the content of a file is known by: 64 hexadecimal digits. That of a file of one chunk is the hash of the chunk, that of a
 * longer one the hash of the list of its chunks; see content-id.ts.
 */
export type ContentId = string;

/** What a file is, wherever it lies. */
export interface FileContent {
  readonly type: 'file';
  /** Bytes. */
  readonly size: number;
  readonly id: ContentId;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  readonly isExecutable: boolean;
  /** The packed list of its chunks; missing for a file of one chunk, which `size` and `id` tell. */
  readonly chunks?: Uint8Array;
}

/** What lies at a path: a file, a folder, or nothing any more. */
export type Content = FileContent | { readonly type: 'directory' } | { readonly type: 'deleted' };

/** What one replica says of a path. */
export interface Entry {
  readonly path: EntryPath;
  readonly content: Content;
  readonly version: Version;
  /** The content that the last change by hand replaced. */
  readonly replaced?: ContentId;
}

/** What lies at a path now, as somebody saw it who looked. */
export type Seen = Content & {
  /**
   * By what the disk tells whether it was changed since; opaque. Never equal to another when the content may have been changed
   * within the resolution of the clock of the disk.
   */
  readonly stamp: Stamp;
};

/** See {@link Seen}. */
export type Stamp = string;

/** Of nothing. */
export const NO_STAMP: Stamp = '';

/** A path and all above it but the root: `a/b/c` has the parent `a/b`; `a` has the root, `''`. */
export function parentOf(path: EntryPath): EntryPath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Is there something? */
export function exists(content: Content | undefined): content is Exclude<Content, { type: 'deleted' }> {
  return content !== undefined && content.type !== 'deleted';
}

/** The same bytes, or both a folder, or both nothing: what else there is to say of it, its time for one, may differ. */
export function hasSameBytes(a: Content, b: Content): boolean {
  return a.type === 'file' ? b.type === 'file' && a.id === b.id && a.size === b.size : a.type === b.type;
}

/** Nothing about them differs. */
export function isSameContent(a: Content, b: Content): boolean {
  if (a.type !== 'file' || b.type !== 'file') return a.type === b.type;
  return hasSameBytes(a, b) && a.mtimeMs === b.mtimeMs && a.isExecutable === b.isExecutable;
}
