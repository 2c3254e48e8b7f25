import { statfs } from 'node:fs/promises';
import { printable } from '../../files/printable.ts';
import { ShareDiskError } from './share-disk-error.ts';

// What others need to go on: of a large disk this much, of a small one a part.
const KEPT_BYTES = 256 * 1024 * 1024;
const KEPT_SHARE = 0.01;

/**
 * Is there room for so many bytes more, with some left for others?
 *
 * @throws ShareDiskError E_SHARE_NO_ROOM
 */
export async function assertRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder);
  if (bavail * bsize - bytes >= keptFree(blocks * bsize)) return;
  // Without the number: one line has to tell of all files that have no room.
  const message = `the disk of ${printable(folder)} has no room for it: make room`;
  throw new ShareDiskError('E_SHARE_NO_ROOM', message, { retry: true });
}

/** What is left for others on a disk of so many bytes. */
export function keptFree(diskBytes: number): number {
  return Math.min(KEPT_BYTES, diskBytes * KEPT_SHARE);
}
