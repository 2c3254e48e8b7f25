import type { Permission } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../base/clock.ts';
import type { FactName } from '../ftp/listing-lines.ts';
import type { DataChannel } from './data-channel.ts';
import type { SessionLimits } from './limits.ts';
import type { Spaces } from './quota/spaces.ts';
import type { Rates } from './rates.ts';
import type { Security, TlsSettings } from './security.ts';
import { ServerError } from './server-error.ts';
import type { UserFolder } from './user-folder.ts';

/** The last reply to a command. */
export interface Answer {
  readonly code: number;
  readonly text: string | readonly string[];
  /** The control connection is closed behind it. */
  readonly closes?: boolean;
  /** The TLS handshake begins behind it; where it fails, the control connection is closed. */
  readonly startsTls?: boolean;
}

/** Somebody who is logged in, and what is theirs. */
export interface Login {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly folder: UserFolder;
}

/** What commands remember for those that follow. Owned by the session, changed by commands only. */
export interface SessionState {
  /** The name of the last USER, until PASS. */
  user: string | undefined;
  login: Login | undefined;
  failedLogins: number;
  /** The current folder, as the client sees it. */
  cwd: string;
  type: 'A' | 'I';
  /** From REST to the next transfer, in bytes. */
  restart: number;
  /** From RNFR to the command behind it. */
  renameFrom: string | undefined;
  /** EPSV ALL was said: nothing but EPSV from now on (RFC 2428 section 4). */
  isEpsvOnly: boolean;
  facts: readonly FactName[];
}

/** What a command may use. */
export interface CommandContext {
  readonly accounts: AccountStore;
  readonly spaces: Spaces;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly rates: Rates;
  /** Missing where the server has no certificate. */
  readonly tls: TlsSettings | undefined;
  readonly security: Security;
  /** All commands by verb, in the order they are told. */
  readonly commands: ReadonlyMap<string, Command>;
  readonly state: SessionState;
  readonly data: DataChannel;
  /** May clients ask to be called at a port of theirs? */
  readonly allowsActive: boolean;
  /** Aborted by ABOR and by the end of the session; a fresh one for each command. */
  readonly signal: AbortSignal;
  /** Was a transfer ended by an ABOR that has not been answered yet? */
  readonly wasAborted: boolean;
  /** Send a preliminary reply (1xx). */
  readonly tell: (code: number, text: string) => void;
  /** Let whoever runs the server know why a data connection did not become secure. */
  readonly tellTlsFailure: (reason: string) => void;
}

/** One command of the table. */
export interface Command {
  readonly verb: string;
  /** Must there be an argument? A command of the kind `none` takes no notice of one. */
  readonly argument: 'none' | 'optional' | 'required';
  /** May it be used by somebody who has not logged in? */
  readonly isOpen?: boolean;
  /** What the account must be allowed to. */
  readonly permission?: Permission;
  /** Does it take the data connection? That is given up, and REST forgotten, however the command ends. */
  readonly usesData?: boolean;
  /** Its line of HELP: verb and argument. */
  readonly help: string;
  /** Its line of FEAT, where the command is not of RFC 959 (RFC 2389 section 3.2), as long as it is offered. */
  readonly feature?: string | ((context: CommandContext) => string | undefined);
  readonly run: (context: CommandContext, argument: string) => Answer | Promise<Answer>;
}

/** A state in which nobody has logged in. */
export function freshState(facts: readonly FactName[]): SessionState {
  return {
    user: undefined,
    login: undefined,
    failedLogins: 0,
    cwd: '/',
    type: 'A',
    restart: 0,
    renameFrom: undefined,
    isEpsvOnly: false,
    facts,
  };
}

/** The login that a command works for; the session has seen to it that there is one. */
export function loginOf({ state }: CommandContext): Login {
  if (state.login === undefined) throw new ServerError('E_LOGIN', 'Log in with USER and PASS');
  return state.login;
}
