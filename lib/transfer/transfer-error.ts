import { CodedError, type CodedErrorOptions, messageOf, type PlainError } from '../base/coded-error.ts';

/**
 * Why a far side did not do what it was asked.
 *
 * E_CONNECT: no connection (refused, unreachable, unknown host) · E_LOGIN: name or password refused · E_TLS: no secure
 * connection, or a certificate that cannot be trusted · E_LOST: the connection broke · E_TIMEOUT: no answer in time ·
 * E_CAPACITY: the server takes no more connections now · E_DATA: no data connection, though the control connection is
 * good · E_BUSY: refused for now (4xx) · E_REFUSED: refused (5xx) · E_MISSING: there is no such entry · E_NOT_EMPTY:
 * the folder holds other entries · E_OTHER_CONTENT: the far file is not what was sent any more · E_SOURCE: the local
 * file cannot be read · E_TARGET: the local file cannot be written, or what is there is no file · E_NO_ROOM: the local disk
 * is full · E_CHANGED: the file changed while it was sent or fetched · E_TRUNCATED: what has arrived has another size than
 * what was sent · E_MISMATCH: it has another content, by its hash · E_NAME: a
 * name that FTP cannot carry, or that the server would change · E_WORKER: the child process ended · E_CLOSED: the
 * transport was closed
 */
export type TransferErrorCode =
  | 'E_CONNECT'
  | 'E_LOGIN'
  | 'E_TLS'
  | 'E_LOST'
  | 'E_TIMEOUT'
  | 'E_CAPACITY'
  | 'E_DATA'
  | 'E_BUSY'
  | 'E_REFUSED'
  | 'E_MISSING'
  | 'E_NOT_EMPTY'
  | 'E_OTHER_CONTENT'
  | 'E_SOURCE'
  | 'E_TARGET'
  | 'E_NO_ROOM'
  | 'E_CHANGED'
  | 'E_TRUNCATED'
  | 'E_MISMATCH'
  | 'E_NAME'
  | 'E_WORKER'
  | 'E_CLOSED';

/** What {@link TransferError} may carry besides code and message. */
export interface TransferErrorOptions extends CodedErrorOptions {
  /** The three-digit FTP reply that was the answer, where there was one. */
  readonly reply?: number;
  /** Would every other call fail in the same way? Default: no. */
  readonly fatal?: boolean;
}

/** A failure of a {@link Transport}. */
export class TransferError extends CodedError<TransferErrorCode> {
  override readonly name: string = 'TransferError';
  readonly reply: number | undefined;
  /** No call of this transport can be done as things are: whoever makes many had better stop. */
  readonly fatal: boolean;

  constructor(code: TransferErrorCode, message: string, options: TransferErrorOptions = {}) {
    super(code, message, options);
    this.reply = options.reply;
    this.fatal = options.fatal ?? false;
  }
}

/** A {@link TransferError} as plain JSON values. */
export type PlainTransferError = PlainError & { readonly code: TransferErrorCode; readonly reply?: number };

/** For the way through IPC, where classes and causes get lost. Anything unknown becomes E_LOST, to be tried again. */
export function toPlain(error: unknown): PlainTransferError {
  if (!(error instanceof TransferError)) return { code: 'E_LOST', message: messageOf(error), retry: true };
  const { code, message, retry, reply } = error;
  return reply === undefined ? { code, message, retry } : { code, message, retry, reply };
}

/** The way back from {@link toPlain}. */
export function fromPlain({ code, message, retry, reply }: PlainTransferError): TransferError {
  return new TransferError(code, message, reply === undefined ? { retry } : { retry, reply });
}
