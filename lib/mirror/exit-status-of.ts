import { CodedError, codeOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { FilesError } from '../files/files-error.ts';
import { GuardError } from '../sync/guards.ts';
import { TransferError } from '../transfer/transfer-error.ts';

/** The exit status that says why a run could not go on. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof GuardError) return exitStatus.guard;
  if (error instanceof TransferError) return exitStatus.unreachable;
  if (error instanceof FilesError) return exitStatus.usage;
  switch (codeOf(error)) {
    case 'E_IGNORE_FILE':
    case 'E_LOG_FILE':
      return exitStatus.usage;
    case 'E_JOURNAL_OPEN':
    case 'E_LOCK_FILE':
      // A full disk is nothing that the caller did wrong, and a service is to be started again.
      return error instanceof CodedError && error.retry ? exitStatus.someFailed : exitStatus.usage;
    case 'E_JOURNAL_WRITE':
      return exitStatus.someFailed;
    case 'E_LOCKED':
      return exitStatus.busy;
    default:
      return exitStatus.fault;
  }
}
