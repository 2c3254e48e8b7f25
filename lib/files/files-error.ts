import { CodedError } from '../base/coded-error.ts';

/**
 * Why something could not be done with files on this machine.
 *
 * E_PATTERN: a pattern that cannot be understood · E_ROOT_MISSING: the near folder is not there, or went away during a
 * scan · E_ROOT_NOT_A_FOLDER: it is something else than a folder · E_ROOT_UNREADABLE: it is there but cannot be read
 */
export type FilesErrorCode = 'E_PATTERN' | 'E_ROOT_MISSING' | 'E_ROOT_NOT_A_FOLDER' | 'E_ROOT_UNREADABLE';

/** A failure of the files floor. */
export class FilesError extends CodedError<FilesErrorCode> {
  override readonly name: string = 'FilesError';
}
