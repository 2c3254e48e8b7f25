/** What a user may do: `read` lists and downloads, `write` changes what is there. */
export type Permission = 'read' | 'write';

/** What one account may take of a server; what is missing is not limited, beyond what the server limits for all. */
export interface AccountLimits {
  /** Sessions at a time. */
  readonly sessions?: number;
  /** Bytes a second of all uploads together. */
  readonly uploadBytesPerSecond?: number;
  /** Bytes a second of all downloads together. */
  readonly downloadBytesPerSecond?: number;
  /** Client addresses that may log in: single ones, or blocks such as `192.0.2.0/24`. */
  readonly addresses?: readonly string[];
}

/** Somebody who may log in. */
export interface Account {
  readonly name: string;
  /** Absolute path of the folder that is the user's root. */
  readonly home: string;
  readonly permissions: readonly Permission[];
  /** How much the files below the home may take in all, in bytes; not limited when missing. */
  readonly quotaBytes?: number;
  readonly limits?: AccountLimits;
  /** Permission bits that new files and folders do not get; 0o022 when missing, as shells have it. */
  readonly umask?: number;
  /** When it was registered, milliseconds since 1970 (UTC): a later account of the same name is another one. */
  readonly createdMs?: number;
  /** Is a home that is missing made at the login? The folder it lies in must be there. */
  readonly makesHome?: boolean;
}
