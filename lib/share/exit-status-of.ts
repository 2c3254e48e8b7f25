import { codeOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { LockError } from '../base/file-lock.ts';
import { JournalError } from '../base/journal.ts';
import { ShareDiskError } from './disk/share-disk-error.ts';
import { LinkError } from './link/link-error.ts';

// What comes from a share that runs comes as bare CodedErrors.
const STATUSES: Readonly<Record<string, number>> = {
  E_CONTROL: exitStatus.unreachable,
  E_CONTROL_FAULT: exitStatus.someFailed,
  E_IN_THE_WAY: exitStatus.guard,
  E_NO_CONFLICT: exitStatus.someFailed,
  E_NO_SHARE: exitStatus.usage,
  E_NOT_IN_TRASH: exitStatus.someFailed,
  E_NOT_TAKEN: exitStatus.someFailed,
  E_OUTPUT: exitStatus.someFailed,
  E_PEERS_FILE: exitStatus.usage,
  E_REQUEST: exitStatus.usage,
};

/** The exit status that says why a share could not be begun, or had to stop. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof LockError && error.code === 'E_LOCKED') return exitStatus.busy;
  if (error instanceof ShareDiskError && error.code !== 'E_SHARE_FOLDER') return exitStatus.guard;
  // As that of the server: the address may come, and a service is to be started again.
  if (error instanceof LinkError && error.code === 'E_PORT') return exitStatus.unreachable;
  if (error instanceof JournalError && error.code === 'E_JOURNAL_WRITE') return exitStatus.someFailed;
  if (isOfSurroundings(error)) {
    // A full disk is nothing that the caller did wrong, and a service is to be started again.
    return error.retry ? exitStatus.someFailed : exitStatus.usage;
  }
  return STATUSES[codeOf(error) ?? ''] ?? exitStatus.fault;
}

function isOfSurroundings(error: unknown): error is JournalError | LinkError | LockError | ShareDiskError {
  return (
    error instanceof JournalError ||
    error instanceof LinkError ||
    error instanceof LockError ||
    error instanceof ShareDiskError
  );
}
