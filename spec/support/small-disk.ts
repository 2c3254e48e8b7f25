import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A folder that soon has no more room. */
export interface SmallDisk {
  /** Is it full for everybody, or are only the files of the limited process kept short? */
  readonly isShared: boolean;
  /** Make it small for a process, too, where that is not its own doing. */
  limit(pid: number): void;
  /** Give it room again, and keep what is in it. */
  makeRoom(): void;
  /** Take no changes any more, where this process has mounted it. */
  takeNoChanges(): void;
  /** Let go of it; what is in it is gone then. */
  dispose(): void;
}

// What other files take, a page each: here the lock.
const OTHERS = 4;

/**
 * Make a folder that holds about so many bytes: a file system of its own where this process may mount one (ENOSPC), else a
 * limit of the system on the size of the files of a process (EFBIG).
 */
export function makeSmallDisk(folder: string, kibibytes: number): SmallDisk {
  mkdirSync(folder);
  try {
    mount(folder, `size=${kibibytes}k,mode=700`);
  } catch {
    const limit = (pid: number) =>
      void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${(kibibytes - OTHERS) * 1024}:`], {
        stdio: 'pipe',
      });
    return { isShared: false, limit, makeRoom: nothing, takeNoChanges: nothing, dispose: nothing };
  }
  return {
    isShared: true,
    limit: nothing,
    makeRoom: () => mount(folder, 'remount,size=1g'),
    takeNoChanges: () => mount(folder, 'remount,ro'),
    dispose: () => void execFileSync('umount', [folder], { stdio: 'pipe' }),
  };
}

function nothing(): void {}

function mount(folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
}
