import { CodedError } from '../base/coded-error.ts';

/**
 * E_DUMP: the file of `dump` cannot be written · E_NOT_AGREED: nobody agreed to what cannot be undone · E_USAGE: it cannot be
 * asked for like that.
 */
export type AdminErrorCode = 'E_DUMP' | 'E_NOT_AGREED' | 'E_USAGE';

/** Why the tool did not do what it was asked for, by itself. */
export class AdminError extends CodedError<AdminErrorCode> {
  override readonly name: string = 'AdminError';
}
