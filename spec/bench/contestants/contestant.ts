/** Where a contestant sends to. */
export interface Site {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** With TLS: the file of the certificate it shows, which is its own authority. */
  readonly certificate: string | undefined;
}

/** What a contestant is to make equal. */
export interface Task {
  readonly site: Site;
  /** The local folder. */
  readonly near: string;
  /** Name of the folder on the site, below the folder in which the login starts. */
  readonly far: string;
  /** Is what the local folder has not to be removed from the site? */
  readonly removes: boolean;
  /** A folder of this contestant in this row, for its state and configuration; it lives as long as the row. */
  readonly home: string;
}

/** A command line. */
export interface Command {
  readonly words: readonly [program: string, ...args: string[]];
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

export type Party = 'ours' | 'lftp' | 'rclone' | 'basic-ftp';

/** A program, in one of its settings, that takes part in a row. */
export interface Contestant {
  /** `lftp p8 async`. */
  readonly name: string;
  readonly party: Party;
  /** Is it slow and steady, so that one run is enough? */
  readonly runsOnce: boolean;
  /** Write what the command reads into the contestant's home, which is there. */
  prepare?(task: Task): void;
  /** The command that makes both sides equal. */
  command(task: Task): Command;
}
