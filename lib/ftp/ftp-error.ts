import { CodedError, type CodedErrorOptions } from '../base/coded-error.ts';

/**
 * Why a text is not what the protocol prescribes.
 *
 * E_MALFORMED: it breaks the grammar, or a number is out of its range · E_TOO_LONG: it has no end within the size that
 * is allowed to it · E_FAMILY: an address family that is neither IPv4 nor IPv6 (RFC 2428 section 2)
 */
export type FtpErrorCode = 'E_MALFORMED' | 'E_TOO_LONG' | 'E_FAMILY';

/** A text of the FTP protocol that cannot be read. */
export class FtpError extends CodedError<FtpErrorCode> {
  override readonly name: string = 'FtpError';

  constructor(code: FtpErrorCode, message: string, options: CodedErrorOptions = {}) {
    super(code, message, options);
  }
}

/** A piece of a text from the other side, fit to be shown in a message: one short line without control characters. */
export function shown(text: string): string {
  const line = JSON.stringify(text.slice(0, 80));
  return text.length > 80 ? `${line}...` : line;
}
