import { createHash } from 'node:crypto';
import { join, nameOf, parentOf } from '../files/directory.ts';
import type { Uploaded } from '../transfer/transport.ts';

/** The name under which a file is sent: short whatever the file's name is, and of this pair, file and version only. */
export function temporaryName(pairId: string, name: string, { size, mtimeMs }: Uploaded): string {
  const version = createHash('sha256').update(`${name}\0${size}\0${mtimeMs}`).digest('hex').slice(0, 16);
  return `.filesmirror-${pairId}-${version}.part`;
}

/** Where a version of a file is sent to before it gets its name; below the far root, as `path` is. */
export function temporaryPath(pairId: string, path: string, version: Uploaded): string {
  return join(parentOf(path), temporaryName(pairId, nameOf(path), version));
}

/**
 * Is it a name that {@link temporaryName} gives to files of this pair? Those of other pairs are strangers' files.
 *
 * Servers that never write over a file add a number to the name (Pure-FTPd with --autorename).
 */
export function isTemporaryName(pairId: string, name: string): boolean {
  const begin = `.filesmirror-${pairId}-`;
  return name.startsWith(begin) && /^[0-9a-f]{16}\.part(\.\d+)?$/.test(name.slice(begin.length));
}

/** Is it a name under which a mirror of another pair sends files? */
export function isTemporaryNameOfOthers(pairId: string, name: string): boolean {
  return /^\.filesmirror-[0-9a-f]{16}-[0-9a-f]{16}\.part$/.test(name) && !isTemporaryName(pairId, name);
}
