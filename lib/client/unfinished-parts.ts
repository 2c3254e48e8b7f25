import { type Directory, join, walk } from '../files/directory.ts';
import type { File } from '../files/file.ts';
import { lockOfPart, PART_SUFFIX } from './part-file.ts';

/**
 * Paths of what gets have not finished in a local folder: parts that are being written to, or were when a client was killed, with
 * their locks; and those that broke off in order, by the far file that they are the begin of.
 *
 * Files of users may be called so as well. Without a lock one is a part only where the other side has a larger file of the name
 * without the suffix, and this side has none.
 */
export function unfinishedParts(near: Directory, far: Directory): readonly string[] {
  const found: string[] = [];
  for (const { path, directory } of walk(near)) {
    for (const file of directory.files()) {
      if (!file.name.endsWith(PART_SUFFIX)) continue;
      const lock = directory.file(lockOfPart(file.name));
      if (lock) found.push(join(path, lock.name));
      if (lock || isBegin(file, directory, far.directoryAt(path))) found.push(join(path, file.name));
    }
  }
  return found;
}

function isBegin({ name, size }: File, near: Directory, far: Directory | undefined): boolean {
  const whole = name.slice(0, -PART_SUFFIX.length);
  return near.file(whole) === undefined && (far?.file(whole)?.size ?? 0) > size;
}
