import { CodedError } from '../base/coded-error.ts';
import { exitStatus } from '../base/exit-status.ts';
import { FilesError } from '../files/files-error.ts';
import { GuardError } from '../sync/guards.ts';
import { TransferError } from '../transfer/transfer-error.ts';

/**
 * Why the client did not do what it was told.
 *
 * E_COMMAND: no such command, or not with such arguments · E_NO_LOGIN: there is no site to do it on · E_LOCAL_FILE: a
 * local file or folder cannot be read or written · E_OTHER_FILE: there is a file of that name with other content ·
 * E_OTHER_PART: what is there of it is not how the file begins · E_UNSURE: nobody can tell whether it is, or whether there is
 * anything ·
 * E_NO_ANSWER: it would have to be asked for, and there is nobody to ask · E_INTERRUPTED: Ctrl-C,
 * or the end of a job · E_SHELL: a command of the local shell failed · E_ANSWER: the server refused what was quoted · E_JOB_FAILED: a job that was waited for failed · E_PASSWORD: none was found ·
 * E_NOT_ALL: some entries could not be mirrored
 */
export type ClientErrorCode =
  | 'E_COMMAND'
  | 'E_NO_LOGIN'
  | 'E_LOCAL_FILE'
  | 'E_OTHER_FILE'
  | 'E_OTHER_PART'
  | 'E_UNSURE'
  | 'E_NO_ANSWER'
  | 'E_INTERRUPTED'
  | 'E_SHELL'
  | 'E_ANSWER'
  | 'E_JOB_FAILED'
  | 'E_PASSWORD'
  | 'E_NOT_ALL';

/** A failure of the client itself; what the far side refuses is a TransferError. */
export class ClientError extends CodedError<ClientErrorCode> {
  override readonly name: string = 'ClientError';
}

const STATUSES: Readonly<Record<ClientErrorCode, number>> = {
  E_COMMAND: exitStatus.usage,
  E_NO_LOGIN: exitStatus.usage,
  E_LOCAL_FILE: exitStatus.someFailed,
  E_OTHER_FILE: exitStatus.guard,
  E_OTHER_PART: exitStatus.guard,
  E_UNSURE: exitStatus.guard,
  E_NO_ANSWER: exitStatus.guard,
  E_INTERRUPTED: exitStatus.interrupted,
  E_SHELL: exitStatus.someFailed,
  E_ANSWER: exitStatus.someFailed,
  E_JOB_FAILED: exitStatus.someFailed,
  E_PASSWORD: exitStatus.usage,
  E_NOT_ALL: exitStatus.someFailed,
};

const UNREACHABLE: readonly string[] = ['E_CONNECT', 'E_LOGIN', 'E_TLS', 'E_LOST', 'E_TIMEOUT', 'E_CAPACITY'];

/** The exit status that says why a command failed. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof ClientError) return STATUSES[error.code];
  if (error instanceof GuardError) return exitStatus.guard;
  if (error instanceof FilesError) return exitStatus.someFailed;
  if (!(error instanceof TransferError)) return exitStatus.fault;
  return UNREACHABLE.includes(error.code) ? exitStatus.unreachable : exitStatus.someFailed;
}
