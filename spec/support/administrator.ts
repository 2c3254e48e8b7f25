import { mkdirSync } from 'node:fs';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { type DataFolder, dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { type Clock, systemClock } from '../../lib/base/clock.ts';
import { FileLock } from '../../lib/base/file-lock.ts';
import type { ControlServer } from '../../lib/control/control-server.ts';
import type { LiveServer, SessionView } from '../../lib/control/live-server.ts';
import { openControl } from '../../lib/control/open-control.ts';
import { recordingLogger } from './recording-logger.ts';

/** The administrator of every data folder of the specs. */
export const admin = { name: 'admin', password: 'a password' } as const;

/** Quick to check, and no protection at all. */
const quickHasher = new PasswordHasher(1);

/** A data folder below a path, with an administrator and no users. */
export async function makeDataFolder(path: string): Promise<DataFolder> {
  const folder = dataFolderAt(path);
  await AccountFile.create(folder, admin, quickHasher);
  mkdirSync(folder.docs);
  mkdirSync(folder.log);
  return folder;
}

/** A session that does nothing. */
export const idleSession: SessionView = {
  id: 1,
  user: 'anna',
  address: '127.0.0.1',
  port: 40_000,
  isTls: false,
  sinceMs: 0,
  idleMs: 0,
  command: null,
  bytes: 0,
  bytesPerSecond: 0,
};

/** A server without FTP: it has the sessions it is given, and remembers what it was told. */
export class PretendedServer implements LiveServer {
  readonly told: string[] = [];
  readonly used = new Map<string, number>();
  problems: readonly string[] = [];
  #sessions: readonly SessionView[];

  constructor(sessions: readonly SessionView[] = []) {
    this.#sessions = sessions;
  }

  sessions(): readonly SessionView[] {
    return this.#sessions;
  }

  kick(which: { readonly id: number } | { readonly user: string }, reason: string): number {
    this.told.push(`kick ${JSON.stringify(which)} ${reason}`);
    const isMeant = ({ id, user }: SessionView) => ('id' in which ? id === which.id : user === which.user);
    const ended = this.#sessions.filter(isMeant).length;
    this.#sessions = this.#sessions.filter((session) => !isMeant(session));
    return ended;
  }

  bans() {
    return [{ kind: 'address', name: '192.0.2.7', untilMs: 1_000, failures: 15 }] as const;
  }

  unban(kind: 'address' | 'user', name: string): boolean {
    return kind === 'address' && name === '192.0.2.7';
  }

  async reload(): Promise<readonly string[]> {
    return this.problems;
  }

  stats() {
    const counts = { sessions: 1, sessionsSoFar: 2, loginsSoFar: 3, failedLogins: 4, bytesIn: 5, bytesOut: 6 };
    return { sinceMs: 0, ...counts, uploads: 7, downloads: 8, quotaRefusals: 9, errors: 10 };
  }

  async usedBytes(user: string): Promise<number> {
    return this.used.get(user) ?? 0;
  }

  async recount(user: string): Promise<number> {
    return this.usedBytes(user);
  }
}

/** All that a running server gives its administrator, but for FTP. */
export interface ControlRig {
  readonly folder: DataFolder;
  readonly accounts: AccountFile;
  readonly live: PretendedServer;
  readonly server: ControlServer;
  /** What the server logged: `info Administration`. */
  readonly lines: readonly string[];
  /** Closing twice is harmless. */
  close(): Promise<void>;
}

/** Serve a control socket for a data folder, under its lock. */
export async function startControl(
  folder: DataFolder,
  { live = new PretendedServer(), clock = systemClock }: { live?: PretendedServer; clock?: Clock } = {},
): Promise<ControlRig> {
  const lock = FileLock.take(folder.lockFile);
  const accounts = await AccountFile.open(folder, { hasher: quickHasher });
  const logger = recordingLogger();
  const server = await openControl({ folder, accounts, live, logger, clock });
  const close = async () => {
    await server.close();
    await accounts.close();
    lock.release();
  };
  return { folder, accounts, live, server, lines: logger.lines, close };
}
