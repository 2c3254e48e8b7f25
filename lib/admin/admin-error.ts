import { CodedError } from '../base/coded-error.ts';

/** E_NOT_AGREED: nobody agreed to what cannot be undone · E_USAGE: it cannot be asked for like that. */
export type AdminErrorCode = 'E_NOT_AGREED' | 'E_USAGE';

/** Why the tool did not even begin. */
export class AdminError extends CodedError<AdminErrorCode> {
  override readonly name: string = 'AdminError';
}
