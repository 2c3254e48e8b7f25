import { setImmediate as turn } from 'node:timers/promises';
import type { Directory } from './directory.ts';
import type { LeftOut } from './left-out.ts';
import { Scanner, type ScanRules } from './scanner.ts';

/** How a scan goes. */
export interface ScanOptions extends ScanRules {
  /** Ends the scan early. */
  readonly signal?: AbortSignal;
  /** After how many milliseconds of work others get their turn; default 10. */
  readonly sliceMs?: number;
  /** The clock for that, in milliseconds since whenever. */
  readonly now?: () => number;
}

/** What lies in a folder. */
export interface Scan {
  readonly root: Directory;
  readonly left: readonly LeftOut[];
}

// A connection that waits for its turn this long is not noticed by anyone; a turn costs a few microseconds.
const SLICE_MS = 10;

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
  const { maxDepth, signal, sliceMs = SLICE_MS, now = () => performance.now() } = options;
  if (!(maxDepth >= 1)) throw new RangeError(`maxDepth must be 1 or more, not ${maxDepth}`);
  signal?.throwIfAborted();
  const scanner = new Scanner(root, options);
  let begin = now();
  for (const _ of scanner.steps()) {
    if (now() - begin < sliceMs) continue;
    await turn();
    signal?.throwIfAborted();
    begin = now();
  }
  return { root: scanner.root, left: scanner.left };
}
