import { type Stats, statSync } from 'node:fs';
import { codeOf } from '../base/coded-error.ts';
import { FilesError } from './files-error.ts';
import { printable } from './printable.ts';

/**
 * Look at the folder a scan begins with.
 *
 * @throws FilesError E_ROOT_MISSING, E_ROOT_NOT_A_FOLDER, E_ROOT_UNREADABLE
 */
export function statRoot(root: string): Stats {
  const stats = statOrThrow(root);
  if (stats.isDirectory()) return stats;
  throw new FilesError(
    'E_ROOT_NOT_A_FOLDER',
    `Scanning ${printable(root)}: it is not a folder; name the folder itself`,
  );
}

/** The error for a root that went away, or was replaced by another, during the scan. */
export function rootWentAway(root: string): FilesError {
  const message = `Scanning ${printable(root)}: the folder went away meanwhile; is its disk still mounted?`;
  return new FilesError('E_ROOT_MISSING', message, { retry: true });
}

/** The error for a root that cannot be looked at or read. */
export function rootError(root: string, cause: unknown): FilesError {
  const code = codeOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const message = `Scanning ${printable(root)}: there is no such folder; make it, or mount its disk`;
    return new FilesError('E_ROOT_MISSING', message, { cause });
  }
  const message = `Scanning ${printable(root)}: it cannot be read (${code}); give the right to read it, or check its disk`;
  return new FilesError('E_ROOT_UNREADABLE', message, { cause });
}

function statOrThrow(root: string): Stats {
  try {
    return statSync(root);
  } catch (error) {
    throw rootError(root, error);
  }
}
