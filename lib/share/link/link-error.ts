import { CodedError } from '../../base/coded-error.ts';

/**
 * E_IDENTITY: the files of the own key and certificate cannot be read, written or used · E_PEERS_FILE: the file of the
 * device ids of the peers cannot be read, written or understood · E_PORT: nobody can listen where it was asked for.
 */
export type LinkErrorCode = 'E_IDENTITY' | 'E_PEERS_FILE' | 'E_PORT';

/** What keeps a peer from being reached by others, or from knowing them. */
export class LinkError extends CodedError<LinkErrorCode> {
  override readonly name: string = 'LinkError';
}
