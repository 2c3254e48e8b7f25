import type { Permission } from '../accounts/account.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../base/clock.ts';
import type { HashName } from '../ftp/hash-names.ts';
import { type FactName, usualFacts } from '../ftp/listing-lines.ts';
import type { Visit } from './admission/visit.ts';
import type { DataChannel } from './data-channel.ts';
import type { Disk } from './disk/disk.ts';
import type { Expectation, Expectations } from './expectations.ts';
import type { FileHashes } from './file-hashes.ts';
import type { SessionLimits } from './limits.ts';
import type { LockHolder } from './quota/file-locks.ts';
import type { Spaces } from './quota/spaces.ts';
import type { Rates } from './rates.ts';
import type { Security, TlsSettings } from './security.ts';
import { ServerError } from './server-error.ts';
import type { SessionInfo } from './session-events.ts';
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
  /** The current folder, as the client sees it. */
  cwd: string;
  type: 'A' | 'I';
  /** From REST or RANG to the next transfer, in bytes. */
  restart: number;
  /** From RANG to the next transfer: behind its last byte; `undefined` for the end of the file. */
  rangeEnd: number | undefined;
  /** From RNFR to the command behind it. */
  renameFrom: string | undefined;
  /** EPSV ALL was said: nothing but EPSV from now on (RFC 2428 section 4). */
  isEpsvOnly: boolean;
  facts: readonly FactName[];
  /** By SITE IDLE, in milliseconds; `undefined` for what holds for all. */
  idleMs: number | undefined;
  /** By SITE EXPECT, for the next upload of that path. */
  expected: (Expectation & { readonly path: string }) | undefined;
  /** What HASH tells (OPTS HASH). */
  hash: HashName;
}

/** What a command may use. */
export interface CommandContext {
  readonly accounts: AccountStore;
  readonly spaces: Spaces;
  /** How disks of this machine are asked. */
  readonly localDisk: Disk;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  readonly rates: Rates;
  /** Missing where the server has no certificate. */
  readonly tls: TlsSettings | undefined;
  readonly security: Security;
  /** What was said of uploads that have not ended. */
  readonly expectations: Expectations;
  /** Hashes of files, and those that were told before. */
  readonly hashes: FileHashes;
  /** Who is on the other side. */
  readonly info: SessionInfo;
  /** All commands by verb, in the order they are told. */
  readonly commands: ReadonlyMap<string, Command>;
  readonly state: SessionState;
  /** Lets the client log in and out. */
  readonly visit: Visit;
  /** Who works on the command: told apart from others that want the same file. */
  readonly client: LockHolder;
  readonly data: DataChannel;
  /** May clients ask to be called at a port of theirs? */
  readonly allowsActive: boolean;
  /** Aborted by ABOR and by the end of the session; a fresh one for each command. */
  readonly signal: AbortSignal;
  /** Aborted by the end of the session only. */
  readonly ended: AbortSignal;
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
  /** May it take long without a transfer, as a count of all files does? Then ABOR ends it as well. */
  readonly isAbortable?: boolean;
  /** Its line of HELP: verb and argument. */
  readonly help: string;
  /** Where it is written down: standard and section. */
  readonly source: string;
  /** What it is answered with, beside what follows from its rules: see {@link repliesOf}. */
  readonly replies: readonly number[];
  /**
   * Its line of FEAT, where the command is not of RFC 959 (RFC 2389 section 3.2): a text, or what is true of this
   * session at this moment, `undefined` for nothing.
   */
  readonly feature?: string | ((context: CommandContext) => string | readonly string[] | undefined);
  readonly run: (context: CommandContext, argument: string) => Answer | Promise<Answer>;
}

/** Every reply a command may get, in ascending order: its own and those that its rules bring about. */
export function repliesOf({
  argument,
  isOpen,
  permission,
  usesData,
  isAbortable,
  replies,
}: Command): readonly number[] {
  const byRule = [
    // The session ends, or the machine fails.
    ...[421, 451],
    ...(isOpen ? [] : [530]),
    ...(argument === 'required' ? [501] : []),
    ...(permission === undefined ? [] : [550]),
    ...(usesData ? [150, 226, 425, 426, 521, 522] : []),
    ...(isAbortable ? [426] : []),
  ];
  return [...new Set([...byRule, ...replies])].sort((a, b) => a - b);
}

/** Does ABOR end it? */
export function mayBeAborted({ usesData, isAbortable }: Command): boolean {
  return usesData === true || isAbortable === true;
}

/** A state in which nobody has logged in. */
export function freshState(facts: readonly FactName[] = usualFacts): SessionState {
  return {
    user: undefined,
    login: undefined,
    cwd: '/',
    type: 'A',
    restart: 0,
    rangeEnd: undefined,
    renameFrom: undefined,
    isEpsvOnly: false,
    facts,
    idleMs: undefined,
    expected: undefined,
    hash: 'SHA-256',
  };
}

/** Make sure that somebody may use a command with this argument: else E_LOGIN, E_ARGUMENT or E_PERMISSION. */
export function mustBeAllowed(command: Command, argument: string, { login }: SessionState): void {
  const { argument: rule, isOpen, permission, help } = command;
  if (!isOpen && login === undefined) throw new ServerError('E_LOGIN', 'Log in with USER and PASS');
  if (rule === 'required' && argument === '') throw new ServerError('E_ARGUMENT', `Usage: ${help}`);
  if (permission === undefined || login?.permissions.includes(permission)) return;
  throw new ServerError('E_PERMISSION', 'Permission denied');
}

/** The login that a command works for; the session has seen to it that there is one. */
export function loginOf({ state }: CommandContext): Login {
  if (state.login === undefined) throw new ServerError('E_LOGIN', 'Log in with USER and PASS');
  return state.login;
}
