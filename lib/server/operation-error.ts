import { CodedError } from '../base/coded-error.ts';

/**
 * E_DATA_FOLDER: the data folder cannot be made, or is none · E_CERTIFICATE: certificate or key cannot be used ·
 * E_DEMO: a server with the accounts of a demo was to be reached from outside · E_LISTEN: the address cannot be listened on ·
 * E_LOG_FILE: the log cannot be written.
 */
export type OperationErrorCode = 'E_CERTIFICATE' | 'E_DATA_FOLDER' | 'E_DEMO' | 'E_LISTEN' | 'E_LOG_FILE';

/** Why the server could not be made or started. */
export class OperationError extends CodedError<OperationErrorCode> {
  override readonly name: string = 'OperationError';
}
