import { foldName } from '../files/difference.ts';
import { join } from '../files/directory.ts';
import type { FarEntry } from '../transfer/transport.ts';
import type { Step } from './plan.ts';

/**
 * The folders that a plan wants to remove and that would stay, since others have entries in them: what the far side will say
 * to a run, for a dry one. Names in another case may be the same entry; temporary files of the mirror go with their folder.
 *
 * @param steps what is in a folder before the folder
 * @param entriesIn what is known to be in a far folder
 */
export function leftFolders(
  steps: readonly Step[],
  entriesIn: (folder: string) => readonly FarEntry[],
): ReadonlySet<string> {
  const left = new Set<string>();
  const gone = new Set<string>();
  for (const { kind, path } of steps) {
    const stays = ({ kind: of, name }: FarEntry) => of !== 'temporary' && !gone.has(foldName(join(path, name)));
    if (kind === 'rmdir' && entriesIn(path).some(stays)) left.add(path);
    else if (kind === 'rmdir' || kind === 'remove') gone.add(foldName(path));
  }
  return left;
}
