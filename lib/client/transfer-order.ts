/** A file that is to be sent, or fetched. */
export interface TransferOrder {
  /** Absolute local path. */
  readonly local: string;
  /** Absolute far path. */
  readonly far: string;
  /** Write over what has other content. */
  readonly force: boolean;
  /** Go on where nobody can compare what is there. */
  readonly trusts: boolean;
}

/** What became of it. */
export interface Transferred {
  /** `complete`: it was there already. */
  readonly state: 'moved' | 'complete';
  /** Of the whole file, in bytes. */
  readonly size: number;
  /** Where in the file it was gone on from, in bytes. */
  readonly resumedAt: number;
  readonly tookMs: number;
  /** Was its hash compared when it was there? */
  readonly verified: boolean;
}
