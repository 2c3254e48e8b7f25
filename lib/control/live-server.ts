/** A session as the administrator sees it. Plain JSON values: it travels over the control socket. */
export type SessionView = {
  /** Counts from 1 within one run of the server. */
  readonly id: number;
  /** `null` before the login. */
  readonly user: string | null;
  readonly address: string;
  readonly port: number;
  readonly isTls: boolean;
  /** When the connection came, milliseconds since 1970 (UTC). */
  readonly sinceMs: number;
  /** How long nothing was asked or moved, in milliseconds. */
  readonly idleMs: number;
  /** The command that is being worked on, `null` between two; without secrets. */
  readonly command: string | null;
  /** Of the transfer that is under way, 0 without one. */
  readonly bytes: number;
  readonly bytesPerSecond: number;
};

/** An address or a user name that is kept out for a while. */
export type BanView = {
  readonly kind: 'address' | 'user';
  readonly name: string;
  /** Milliseconds since 1970 (UTC). */
  readonly untilMs: number;
  /** Failed logins that led to it. */
  readonly failures: number;
};

/** What a server has done since it was started. */
export type ServerStats = {
  readonly sinceMs: number;
  readonly sessions: number;
  readonly sessionsSoFar: number;
  readonly loginsSoFar: number;
  readonly failedLogins: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly uploads: number;
  readonly downloads: number;
  readonly quotaRefusals: number;
  readonly errors: number;
};

/** What can be asked of a server that runs, beside its accounts. */
export interface LiveServer {
  sessions(): readonly SessionView[];
  /** End sessions with 421: one by its number, or all of a user. @returns how many */
  kick(which: { readonly id: number } | { readonly user: string }, reason: string): number;
  bans(): readonly BanView[];
  /** @returns whether there was such a ban */
  unban(kind: BanView['kind'], name: string): boolean;
  /** Read config and certificate again. @returns what is wrong with them, one line each; then nothing was changed */
  reload(): Promise<readonly string[]>;
  stats(): ServerStats;
  /** What the files of a user take, in bytes. */
  usedBytes(user: string): Promise<number>;
  /** Count the files of a user anew, whatever is remembered of them. @returns bytes */
  recount(user: string): Promise<number>;
}
