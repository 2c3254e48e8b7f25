import { CodedError } from '../../base/coded-error.ts';
import { readProblem } from '../../base/read-problem.ts';

/**
 * E_IN_THE_WAY: something lies where a file was to be put · E_NO_CONFLICT: nothing of that name is a conflict copy or has one ·
 * E_NO_SHARE: nothing is known of the folder · E_NOT_IN_TRASH: there is nothing of that name in the trash · E_NOT_TAKEN: the disk
 * does not take it · E_OUTPUT: what was asked for cannot be written.
 */
export type DeskErrorCode =
  | 'E_IN_THE_WAY'
  | 'E_NO_CONFLICT'
  | 'E_NO_SHARE'
  | 'E_NOT_IN_TRASH'
  | 'E_NOT_TAKEN'
  | 'E_OUTPUT';

/** Why something could not be done for whoever asked about a share. */
export class DeskError extends CodedError<DeskErrorCode> {
  override readonly name: string = 'DeskError';
}

/** An error of the system, in words. @param what could not be done */
export function notTaken(what: string, cause: unknown): DeskError {
  return new DeskError('E_NOT_TAKEN', `${what}: ${readProblem(cause)}`, { cause });
}
