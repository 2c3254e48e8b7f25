import { codeOf } from '../base/coded-error.ts';
import { showText } from '../base/show-text.ts';
import { accountActions } from './actions/accounts.ts';
import type { Action, Actions, Office } from './actions/action.ts';
import { administratorActions } from './actions/administrator.ts';
import { checkActions } from './actions/check.ts';
import { serverActions } from './actions/server.ts';
import { userActions } from './actions/users.ts';
import type { AuditLog } from './audit-log.ts';
import type { Administrator, ArgumentsOf, CallName, ResultOf } from './calls.ts';
import { ControlError } from './control-error.ts';

const actions: Actions<CallName> = {
  ...userActions,
  ...administratorActions,
  ...serverActions,
  ...accountActions,
  ...checkActions,
};

// Passwords, and accounts with their hashes.
const SECRETS: readonly string[] = ['password', 'accounts'];

/**
 * What an administrator can do, checked and written down: one body for the server, which serves it on its control socket,
 * and for the tool where no server runs. Whoever has it holds the lock of the data folder.
 */
export class Administration {
  readonly #office: Office;
  readonly #audit: AuditLog;

  constructor(office: Office, audit: AuditLog) {
    this.#office = office;
    this.#audit = audit;
  }

  /** @returns `undefined` when name or password is wrong */
  async logIn(name: string, password: string): Promise<Administrator | undefined> {
    if (await this.#office.accounts.checkAdministrator(name, password)) {
      return new LocalAdministrator(name, this.#office, this.#audit);
    }
    // Without the name that was tried: it may be a password, typed into the wrong field.
    this.#audit.note({ administrator: '?', action: 'login', outcome: 'E_ADMIN_LOGIN' });
    return undefined;
  }
}

class LocalAdministrator implements Administrator {
  readonly #name: string;
  readonly #office: Office;
  readonly #audit: AuditLog;

  constructor(name: string, office: Office, audit: AuditLog) {
    this.#name = name;
    this.#office = office;
    this.#audit = audit;
  }

  get isLive(): boolean {
    return this.#office.live !== undefined;
  }

  async call<Name extends CallName>(name: Name, asked: ArgumentsOf<Name>): Promise<ResultOf<Name>> {
    const entry = { administrator: this.#name, action: showText(name) };
    // Only what was checked is written down: anything else may be a secret in the wrong place, or have no end.
    let checked: Readonly<Record<string, unknown>> = {};
    try {
      const action = actionOf(name);
      const read = action.read(asked);
      checked = withoutSecrets(read);
      const result = await action.run(this.#office, read);
      this.#audit.note({ ...entry, asked: checked, outcome: 'done' });
      return result;
    } catch (error) {
      this.#audit.note({ ...entry, asked: checked, outcome: codeOf(error) ?? 'E_CONTROL_FAULT' });
      throw error;
    }
  }

  async close(): Promise<void> {
    // What it works on belongs to somebody else.
  }
}

/** @throws ControlError E_REQUEST */
function actionOf<Name extends CallName>(name: Name): Action<Name> {
  // Over the socket it may be any text.
  if (Object.hasOwn(actions, name)) return actions[name];
  throw new ControlError('E_REQUEST', `There is no call "${showText(name)}"`);
}

function withoutSecrets(asked: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => !SECRETS.includes(name)));
}
