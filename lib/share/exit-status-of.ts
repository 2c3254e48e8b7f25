import { exitStatus } from '../base/exit-status.ts';
import { LockError } from '../base/file-lock.ts';
import { JournalError } from '../base/journal.ts';
import { ShareDiskError } from './disk/share-disk-error.ts';
import { LinkError } from './link/link-error.ts';

/** The exit status that says why a share could not be begun, or had to stop. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof LockError && error.code === 'E_LOCKED') return exitStatus.busy;
  if (error instanceof ShareDiskError && error.code !== 'E_SHARE_FOLDER') return exitStatus.guard;
  if (error instanceof LinkError || error instanceof ShareDiskError || error instanceof LockError)
    return exitStatus.usage;
  if (error instanceof JournalError) return exitStatus.someFailed;
  return exitStatus.fault;
}
