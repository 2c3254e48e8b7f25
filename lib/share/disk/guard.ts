import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { codeOf } from '../../base/coded-error.ts';
import { printable } from '../../files/printable.ts';
import { ShareDiskError } from './share-disk-error.ts';

/** Tells the folder of a share from any other: its device and inode. */
export type ShareIdentity = string;

/**
 * Is the folder of a share the one it was at the last start? What is not there any more was then deleted by somebody, and
 * everybody is told so: a disk that is not mounted must not look like that.
 *
 * Another folder is taken for the share only where something lies in it that was known: a copy from a backup, or the same disk
 * under another number.
 *
 * @param kept what it was at the last start; `undefined` at the first one
 * @param known names directly in the share that were known last
 * @throws ShareDiskError E_SHARE_GONE, E_SHARE_NOT_A_FOLDER, E_SHARE_UNREADABLE, E_SHARE_OTHER, E_SHARE_EMPTY
 */
export function recogniseShare(
  root: string,
  kept: ShareIdentity | undefined,
  known: ReadonlySet<string>,
): ShareIdentity {
  const identity = identityOf(statShare(root));
  const names = namesIn(root);
  if (kept === undefined || identity === kept || known.size === 0) return identity;
  if (names.some((name) => known.has(name))) return identity;
  throw names.length === 0 ? shareEmpty(root) : shareOther(root);
}

/**
 * Is the folder of a share still the one it was a moment ago?
 *
 * @throws ShareDiskError as {@link recogniseShare} does
 */
export function assertSameShare(root: string, identity: ShareIdentity): void {
  if (identityOf(statShare(root)) !== identity) throw namesIn(root).length === 0 ? shareEmpty(root) : shareOther(root);
}

/** @throws ShareDiskError E_SHARE_GONE, E_SHARE_NOT_A_FOLDER, E_SHARE_UNREADABLE */
export function statShare(root: string): BigIntStats {
  const stats = orShareError(root, () => statSync(root, { bigint: true }));
  if (stats.isDirectory()) return stats;
  throw new ShareDiskError(
    'E_SHARE_NOT_A_FOLDER',
    `Sharing ${printable(root)}: it is not a folder; name the folder itself`,
  );
}

export function identityOf({ dev, ino }: BigIntStats): ShareIdentity {
  return `${dev}:${ino}`;
}

function namesIn(root: string): readonly string[] {
  return orShareError(root, () => readdirSync(root));
}

function orShareError<Result>(root: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const code = codeOf(cause);
    const begin = `Sharing ${printable(root)}`;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      const message = `${begin}: the folder is not there any more; put it back, or mount its disk. Nothing was deleted elsewhere`;
      throw new ShareDiskError('E_SHARE_GONE', message, { cause });
    }
    const message = `${begin}: it cannot be read (${code}); give the right to read it, or check its disk`;
    throw new ShareDiskError('E_SHARE_UNREADABLE', message, { cause });
  }
}

function shareEmpty(root: string): ShareDiskError {
  return new ShareDiskError('E_SHARE_EMPTY', `Sharing ${printable(root)}: it is another folder, and empty; ${CURE}`);
}

function shareOther(root: string): ShareDiskError {
  const message = `Sharing ${printable(root)}: it is another folder than before; ${CURE}`;
  return new ShareDiskError('E_SHARE_OTHER', message);
}

const CURE =
  'put the old one back, mount its disk, or remove the state folder to begin anew with what lies there. Nothing was deleted elsewhere';
