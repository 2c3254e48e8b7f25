import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../base/clock.ts';
import type { Visit } from './admission/visit.ts';
import type { CommandContext, SessionState } from './command.ts';
import { commandTable } from './command-table.ts';
import type { ControlConnection } from './control-connection.ts';
import type { DataChannel } from './data-channel.ts';
import type { Disk } from './disk/disk.ts';
import type { Expectations } from './expectations.ts';
import type { FileHashes } from './file-hashes.ts';
import type { SessionLimits } from './limits.ts';
import type { LockHolder } from './quota/file-locks.ts';
import type { Spaces } from './quota/spaces.ts';
import type { Rates } from './rates.ts';
import { abortSignalOf, type Running } from './running.ts';
import type { Security, TlsSettings } from './security.ts';
import type { SessionInfo } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';

/** What a session is made of. */
export interface SessionParts {
  readonly info: SessionInfo;
  readonly visit: Visit;
  readonly state: SessionState;
  readonly control: ControlConnection;
  readonly data: DataChannel;
  readonly ended: AbortSignal;
  readonly running: () => Running | undefined;
  readonly wasAborted: () => boolean;
  /** Ends what is being worked on. */
  readonly abort: () => void;
}

/**
 * What the commands of a session may use: one command at a time works with it.
 *
 * A class, made once a session: objects that are put together for each command, or have getters of their own, are a kind of
 * their own each to V8, and every access to them has to be looked up. What may become another while the session lasts is asked
 * for each time.
 */
export class SessionContext implements CommandContext {
  readonly accounts: AccountStore;
  readonly spaces: Spaces;
  readonly localDisk: Disk;
  readonly clock: Clock;
  readonly rates: Rates;
  readonly expectations: Expectations;
  readonly hashes: FileHashes;
  readonly info: SessionInfo;
  readonly commands = commandTable;
  readonly state: SessionState;
  readonly visit: Visit;
  readonly client: LockHolder;
  readonly data: DataChannel;
  readonly ended: AbortSignal;
  readonly #settings: SessionSettings;
  readonly #parts: SessionParts;

  constructor(settings: SessionSettings, parts: SessionParts) {
    this.accounts = settings.accounts;
    this.spaces = settings.spaces;
    this.localDisk = settings.localDisk;
    this.clock = settings.clock;
    this.rates = settings.rates;
    this.expectations = settings.expectations;
    this.hashes = settings.hashes;
    this.info = parts.info;
    this.state = parts.state;
    this.visit = parts.visit;
    this.client = lockHolderOf(parts);
    this.data = parts.data;
    this.ended = parts.ended;
    this.#settings = settings;
    this.#parts = parts;
  }

  get limits(): SessionLimits {
    return this.#settings.limits;
  }

  get tls(): TlsSettings | undefined {
    return this.#settings.tls;
  }

  get allowsActive(): boolean {
    return this.#settings.allowsActive;
  }

  get security(): Security {
    return this.#parts.control.security;
  }

  get wasAborted(): boolean {
    return this.#parts.wasAborted();
  }

  /** Made when it is asked for, which most commands never do. */
  get signal(): AbortSignal {
    return this.#parts.running()?.controller.signal ?? this.ended;
  }

  tell(code: number, text: string): void {
    this.#parts.control.reply({ code, text });
  }

  tellTlsFailure(reason: string): void {
    this.#settings.events.emit('tlsFailed', { session: this.info, connection: 'data', reason });
  }
}

function lockHolderOf({ info, control, data, ended, running, abort }: SessionParts): LockHolder {
  return {
    address: info.remoteAddress,
    hasLeft: () => control.hasEnded,
    silentMs: () => data.silentMs,
    abort,
    signal: () => abortSignalOf(running()) ?? ended,
  };
}
