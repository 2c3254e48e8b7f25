import { CodedError } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';

const STATUSES: Readonly<Record<string, number>> = {
  E_ACCOUNT_EXISTS: exitStatus.someFailed,
  E_ACCOUNT_MISSING: exitStatus.someFailed,
  E_ACCOUNTS_SAVE: exitStatus.someFailed,
  E_DUMP: exitStatus.someFailed,
  E_HOME_LEFT: exitStatus.someFailed,
  E_NOT_THERE: exitStatus.someFailed,
  E_UNSYNCED: exitStatus.someFailed,
  E_ACCOUNT_NAME: exitStatus.usage,
  E_ACCOUNTS_FILE: exitStatus.usage,
  E_LOCK_FILE: exitStatus.usage,
  E_PASSWORD: exitStatus.usage,
  E_REQUEST: exitStatus.usage,
  E_USAGE: exitStatus.usage,
  E_HASH: exitStatus.usage,
  E_ABORTED: exitStatus.unreachable,
  E_HASH_BUSY: exitStatus.unreachable,
  E_ADMIN_LOGIN: exitStatus.unreachable,
  E_CONTROL: exitStatus.unreachable,
  E_CONTROL_BUSY: exitStatus.unreachable,
  E_NOT_RUNNING: exitStatus.unreachable,
  E_NOT_AGREED: exitStatus.guard,
  E_LOCKED: exitStatus.busy,
};

/** The exit status that says why something could not be done; errors of a server that runs come as bare CodedErrors. */
export function exitStatusOf(error: unknown): number {
  return (error instanceof CodedError ? STATUSES[error.code] : undefined) ?? exitStatus.fault;
}
