import { parentOf } from './directory.ts';

/**
 * Why a scan did not take an entry in.
 *
 * excluded: the filter says so · too-deep: what is in this folder lies deeper than the scan may look; the folder itself
 * is in · unreadable: the system refused to show it, or it went away while it was read · link: a symbolic link, and
 * links are skipped · dangling: a link to nothing · loop: a link to a folder it lies in, or to itself · special: a pipe,
 * socket or device · name: FTP cannot carry its name (CR, LF, or bytes that are not UTF-8)
 */
export type LeftReason = 'excluded' | 'too-deep' | 'unreadable' | 'link' | 'dangling' | 'loop' | 'special' | 'name';

/** An entry that is there but not in the result of a scan: neither it nor anything below it may be changed far away. */
export interface LeftOut {
  /** Relative to the root; for the reason `name` a form that is safe to print, not the name itself. */
  readonly path: string;
  readonly reason: LeftReason;
  /** The system's error code (`EACCES`) or a few words, where there is more to say. */
  readonly detail?: string;
}

/** Must a user hear of it? Not of what he asked for himself. */
export function isReported(reason: LeftReason): boolean {
  return reason !== 'excluded' && reason !== 'too-deep';
}

/** Does it make the cycle one that had errors? Only what may be well again at the next scan without a user's doing. */
export function isFault(reason: LeftReason): boolean {
  return reason === 'unreadable';
}

/** Answers, for any path, whether a scan left it out. */
export class LeftOutIndex {
  readonly #whole = new Set<string>();
  readonly #below = new Set<string>();

  constructor(left: readonly LeftOut[]) {
    for (const { path, reason } of left) {
      // Such a path is only a printable form and could be the true name of an innocent neighbour; the entry that is
      // meant was never on the far side, so nothing there needs to be shielded.
      if (reason === 'name') continue;
      const set = reason === 'too-deep' ? this.#below : this.#whole;
      set.add(path);
    }
  }

  /** Was it, or a folder it lies in, left out for whatever reason? Looks at each parent once. */
  has(path: string): boolean {
    if (this.#whole.has(path)) return true;
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      if (this.#whole.has(at) || this.#below.has(at)) return true;
    }
    return false;
  }
}
