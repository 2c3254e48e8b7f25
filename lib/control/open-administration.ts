import { AccountFile } from '../accounts/account-file.ts';
import type { DataFolder } from '../accounts/data-folder.ts';
import { type Clock, systemClock } from '../base/clock.ts';
import { codeOf } from '../base/coded-error.ts';
import { FileLock } from '../base/file-lock.ts';
import { Administration } from './administration.ts';
import { AuditLog } from './audit-log.ts';
import type { Administrator, ArgumentsOf, CallName, ResultOf } from './calls.ts';
import { type AdministratorLogin, ControlClient } from './control-client.ts';
import { ControlError } from './control-error.ts';

// A server that starts has the lock some moments before it answers, and another tool has it as long as it does one thing.
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 100;

/**
 * Log in as the administrator of a data folder: to the server that runs, or, where none does, to the accounts themselves,
 * which nobody else can open until this is closed.
 *
 * @throws CodedError ControlError, with E_ADMIN_LOGIN when name or password is wrong; AccountsError E_ACCOUNTS_FILE;
 *   LockError when somebody else has the folder and does not answer
 */
export async function openAdministration(
  folder: DataFolder,
  login: AdministratorLogin,
  clock: Clock = systemClock,
): Promise<Administrator> {
  const until = clock.now() + PATIENCE_MS;
  for (;;) {
    const client = await ControlClient.logIn(folder.controlSocket, login, clock);
    if (client) return client;
    const lock = lockUnlessHeld(folder.lockFile, clock.now() < until);
    if (lock) return withoutServer(folder, login, { lock, clock });
    await clock.wait(LOOK_AGAIN_MS);
  }
}

function lockUnlessHeld(file: string, mayWait: boolean): FileLock | undefined {
  try {
    return FileLock.take(file);
  } catch (error) {
    if (codeOf(error) === 'E_LOCKED' && mayWait) return undefined;
    throw error;
  }
}

async function withoutServer(
  folder: DataFolder,
  { name, password }: AdministratorLogin,
  { lock, clock }: { readonly lock: FileLock; readonly clock: Clock },
): Promise<Administrator> {
  try {
    const accounts = await AccountFile.open(folder, { clock });
    const audit = new AuditLog(folder.auditFile, clock);
    const administrator = await new Administration({ accounts, folder, clock }, audit).logIn(name, password);
    if (administrator) return new LockedAdministrator(administrator, accounts, lock);
    throw new ControlError('E_ADMIN_LOGIN', 'The name or the password of the administrator is wrong');
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** One who has the accounts and the lock, and gives them back. */
class LockedAdministrator implements Administrator {
  readonly isLive = false;
  readonly #administrator: Administrator;
  readonly #accounts: AccountFile;
  readonly #lock: FileLock;

  constructor(administrator: Administrator, accounts: AccountFile, lock: FileLock) {
    this.#administrator = administrator;
    this.#accounts = accounts;
    this.#lock = lock;
  }

  async call<Name extends CallName>(name: Name, asked: ArgumentsOf<Name>): Promise<ResultOf<Name>> {
    return this.#administrator.call(name, asked);
  }

  async close(): Promise<void> {
    await this.#accounts.close();
    this.#lock.release();
  }
}
