import { CodedError } from '../../base/coded-error.ts';

/**
 * E_FOREIGN: who is at the other end speaks something else: another program, or TLS where none is expected ·
 * E_PROTOCOL: a peer said something that the protocol does not allow. The connection is to be ended in both cases.
 */
export type WireErrorCode = 'E_FOREIGN' | 'E_PROTOCOL';

/** Bytes of a peer that are no messages. */
export class WireError extends CodedError<WireErrorCode> {
  override readonly name: string = 'WireError';
}

/** @param what is not allowed: `A path is too long` */
export function notAllowed(what: string): WireError {
  return new WireError('E_PROTOCOL', what);
}
