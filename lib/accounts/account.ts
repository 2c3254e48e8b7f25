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
}
