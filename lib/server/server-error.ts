import { CodedError, codeOf, messageOf } from '../base/coded-error.ts';

/** The reply that each reason for a refusal is answered with (RFC 959 section 4.2.2). */
const replies = {
  /** The argument is not what the command takes. */
  E_ARGUMENT: 501,
  /** The argument is right, but this value of it is not offered. */
  E_UNSUPPORTED: 504,
  /** The operator has switched it off. */
  E_OFF: 502,
  /** The commands came in the wrong order. */
  E_SEQUENCE: 503,
  /** The server wants TLS for this. */
  E_POLICY: 534,
  /** Protection would be given up (CCC, REIN). */
  E_CLEAR: 533,
  /** A level of protection that TLS does not have (RFC 2228 section 3). */
  E_LEVEL: 536,
  /** TLS without a certificate. */
  E_NO_CERTIFICATE: 431,
  /** The data connection would be in plain text (RFC 4217 section 9). */
  E_UNPROTECTED: 521,
  /** No TLS on the data connection, or not of the control connection's session (RFC 4217 section 10.1). */
  E_DATA_TLS: 522,
  /** Nobody is logged in, or name or password is wrong. */
  E_LOGIN: 530,
  /** The folder of the account is not there or cannot be entered. */
  E_HOME: 530,
  /** The account may not do this. */
  E_PERMISSION: 550,
  /** There is no such entry, or none that can be reached from the user's root. */
  E_MISSING: 550,
  /** Something else than a regular file. */
  E_NOT_FILE: 550,
  /** Something else than a folder. */
  E_NOT_FOLDER: 550,
  /** There is such an entry already. */
  E_EXISTS: 550,
  /** The folder holds entries. */
  E_NOT_EMPTY: 550,
  /** A name that cannot be stored. */
  E_NAME: 553,
  /** What is there belongs to another content than the one that is sent. */
  E_CHANGED: 553,
  /** A restart behind the end of the file (RFC 3659 section 5). */
  E_OFFSET: 554,
  /** No data connection. */
  E_NO_DATA: 425,
  /** The data connection is of another address family (RFC 2428 section 2). */
  E_FAMILY: 522,
  /** The transfer was ended before its time. */
  E_ABORTED: 426,
  /** Somebody else is at work on it. */
  E_BUSY: 450,
  /** More than is worked on here (draft-bryan-ftpext-hash-03 section 3.5). */
  E_TOO_LARGE: 556,
  /** The disk is full. */
  E_FULL: 452,
  /** The quota of the account is used up. */
  E_QUOTA: 552,
  /** The machine failed in a way nobody foresaw. */
  E_LOCAL: 451,
} as const;

/** Why the server does not do what it was asked. */
export type ServerErrorCode = keyof typeof replies;

/** A command that is refused; the session goes on. */
export class ServerError extends CodedError<ServerErrorCode> {
  override readonly name: string = 'ServerError';

  /** The number of the reply. */
  get reply(): number {
    return replies[this.code];
  }
}

const ofSystem: Readonly<Record<string, readonly [ServerErrorCode, string]>> = {
  ENOENT: ['E_MISSING', 'No such file or folder'],
  ENOTDIR: ['E_NOT_FOLDER', 'Not a folder'],
  // With O_NOFOLLOW this is the answer to a link as the last part of a path.
  ELOOP: ['E_NOT_FILE', 'Not a regular file'],
  // A FIFO nobody reads, or a socket.
  ENXIO: ['E_NOT_FILE', 'Not a regular file'],
  EISDIR: ['E_NOT_FILE', 'Not a regular file'],
  EEXIST: ['E_EXISTS', 'There is such an entry already'],
  ENOTEMPTY: ['E_NOT_EMPTY', 'The folder is not empty'],
  EACCES: ['E_PERMISSION', 'Permission denied'],
  EPERM: ['E_PERMISSION', 'Permission denied'],
  EROFS: ['E_PERMISSION', 'The disk takes no changes'],
  // Below the home another disk may be mounted.
  EXDEV: ['E_PERMISSION', 'An entry cannot be moved to another disk'],
  EBUSY: ['E_PERMISSION', 'The entry is in use'],
  ENAMETOOLONG: ['E_NAME', 'The name is too long'],
  EILSEQ: ['E_NAME', 'The name cannot be stored'],
  // A folder moved into itself.
  EINVAL: ['E_NAME', 'The name cannot be used here'],
  ENOSPC: ['E_FULL', 'No space left'],
  EDQUOT: ['E_FULL', 'No space left'],
  EFBIG: ['E_FULL', 'The disk takes no larger file'],
};

/** What to tell the client about anything thrown: never a path of this machine. */
export function toServerError(error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  const [code, message] = ofSystem[codeOf(error) ?? ''] ?? ['E_LOCAL', 'Local error'];
  return new ServerError(code, message, { cause: error });
}

/** Is it a fault on our side, that whoever runs the server should hear of? */
export function isOwnFault({ code }: ServerError): boolean {
  return code === 'E_LOCAL' || code === 'E_HOME';
}

/** For the log: what happened, in the system's own words where there are some. */
export function reasonOf({ cause, message }: ServerError): string {
  return cause === undefined ? message : messageOf(cause);
}
