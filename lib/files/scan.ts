import type { Directory } from './directory.ts';
import type { LeftOut } from './left-out.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { Scanner, type ScanRules } from './scanner.ts';

/** What a scan takes in, and how it goes. */
export type ScanOptions = ScanRules & PaceOptions;

/** What lies in a folder. */
export interface Scan {
  readonly root: Directory;
  readonly left: readonly LeftOut[];
  /** Tells the root from another folder that takes its place: its device and inode. */
  readonly identity: string;
  /** Paths of folders that lie on another device than the folder they are in: something is mounted there. */
  readonly mounts: ReadonlySet<string>;
}

/**
 * Look at all that lies in a folder.
 *
 * Works synchronously, in slices: that takes a third of the time of asking the system without waiting, which hands each
 * question to a thread and back. An entry that goes away meanwhile is not there.
 *
 * @param root the folder; a link to a folder will do
 * @returns folders and files with sizes in bytes and times in whole milliseconds, rounded down, since 1970 (UTC); and
 *   what is there but not among them
 * @throws FilesError E_ROOT_MISSING, E_ROOT_NOT_A_FOLDER, E_ROOT_UNREADABLE; RangeError for a bad `maxDepth`; the reason
 *   of the signal
 */
export async function scan(root: string, options: ScanOptions): Promise<Scan> {
  const { maxDepth } = options;
  if (!(maxDepth >= 1)) throw new RangeError(`maxDepth must be 1 or more, not ${maxDepth}`);
  const scanner = new Scanner(root, options, new Pace(options));
  const identity = await scanner.run();
  const { root: found, left, mounts } = scanner;
  return { root: found, left, identity, mounts };
}
