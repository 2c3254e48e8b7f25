import { AccountsError } from '../accounts/accounts-error.ts';
import { codeOf } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { LockError } from '../base/file-lock.ts';
import { ControlError } from '../control/control-error.ts';
import { OperationError } from './operation-error.ts';

/** The exit status that says why a server could not be made or started. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof LockError && error.code === 'E_LOCKED') return exitStatus.busy;
  if (error instanceof OperationError && error.code === 'E_LISTEN') return exitStatus.unreachable;
  if (codeOf(error) === 'E_UNSYNCED') return exitStatus.someFailed;
  const isTold =
    error instanceof LockError ||
    error instanceof OperationError ||
    error instanceof AccountsError ||
    error instanceof ControlError;
  if (!isTold) return exitStatus.fault;
  // A full disk is nothing that the caller did wrong, and a service is to be started again.
  return error.retry ? exitStatus.someFailed : exitStatus.usage;
}
