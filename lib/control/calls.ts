import type { AccountLimits, Permission } from '../accounts/account.ts';
import type { BanView, ServerStats, SessionView } from './live-server.ts';

/** A user as the administrator sees it. Plain JSON values. */
export type UserView = {
  readonly name: string;
  readonly home: string;
  readonly permissions: readonly Permission[];
  readonly isEnabled: boolean;
  /** `null`: not limited. */
  readonly quotaBytes: number | null;
  /** What the user's files take; `null` where it could not be counted. */
  readonly usedBytes: number | null;
  readonly limits: AccountLimits;
  /** Milliseconds since 1970 (UTC). */
  readonly createdMs: number;
  /** `null`: never. */
  readonly lastLoginMs: number | null;
  /** Sessions at this moment; 0 where no server runs. */
  readonly online: number;
};

/** What is to be another way with a user; what is missing stays. */
export type UserChanges = {
  readonly permissions?: readonly Permission[];
  readonly isEnabled?: boolean;
  /** `null`: not limited any more. */
  readonly quotaBytes?: number | null;
  /** Limits that are named here replace those of before; `null` takes one away. */
  readonly limits?: { readonly [Name in keyof AccountLimits]?: AccountLimits[Name] | null };
};

/** What was looked at by `doctor`, and what was found. */
export type Finding = {
  /** What was looked at, in a few words. */
  readonly check: string;
  readonly isWell: boolean;
  /** What was found; where something is wrong also what to do. */
  readonly message: string;
};

/** What became of a user that was to be removed. */
export type Removal = {
  readonly endedSessions: number;
  readonly home: string;
  readonly isPurged: boolean;
};

type Nothing = Readonly<Record<never, never>>;
type UserName = { readonly name: string };
type Call<Arguments, Value> = { readonly arguments: Arguments; readonly value: Value };

/**
 * All that an administrator can ask for, by name: the contract between the server, which answers on its control socket, and
 * the administrator's tool.
 */
export type ControlCalls = {
  'user.add': Call<UserName & UserChanges & { readonly password: string }, UserView>;
  'user.list': Call<Nothing, readonly UserView[]>;
  'user.show': Call<UserName, UserView>;
  'user.remove': Call<UserName & { readonly purge: boolean }, Removal>;
  'user.password': Call<UserName & { readonly password: string }, Nothing>;
  'user.change': Call<UserName & UserChanges, UserView>;
  'user.recount': Call<UserName, { readonly usedBytes: number }>;
  'admin.password': Call<{ readonly password: string }, Nothing>;
  'admin.rename': Call<UserName, Nothing>;
  'session.list': Call<Nothing, readonly SessionView[]>;
  /** One of the two. */
  'session.kick': Call<{ readonly id?: number; readonly user?: string }, { readonly ended: number }>;
  'ban.list': Call<Nothing, readonly BanView[]>;
  'ban.lift': Call<UserName, { readonly lifted: readonly BanView['kind'][] }>;
  'server.reload': Call<Nothing, { readonly problems: readonly string[] }>;
  'server.stats': Call<Nothing, ServerStats>;
  'server.log': Call<{ readonly lines: number; readonly user?: string }, { readonly lines: readonly string[] }>;
  'server.check': Call<Nothing, readonly Finding[]>;
  'accounts.dump': Call<Nothing, { readonly accounts: unknown }>;
  'accounts.load': Call<{ readonly accounts: unknown }, { readonly users: number }>;
};

export type CallName = keyof ControlCalls;
export type ArgumentsOf<Name extends CallName> = ControlCalls[Name]['arguments'];
export type ResultOf<Name extends CallName> = ControlCalls[Name]['value'];

/** Somebody who has proved to be the administrator: what is asked for is done, by a server that runs or without one. */
export interface Administrator {
  /** Does a server run, so that there are sessions? */
  readonly isLive: boolean;
  /**
   * @throws CodedError ControlError and AccountsError, with nothing done; but E_UNSYNCED, with all done and no word of the disk
   *   that it keeps it, and E_HOME_LEFT, with all done but the removal of the files
   */
  call<Name extends CallName>(name: Name, asked: ArgumentsOf<Name>): Promise<ResultOf<Name>>;
  /** Closing twice is harmless. */
  close(): Promise<void>;
}
