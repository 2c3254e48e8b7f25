import type { AccountFile } from '../../accounts/account-file.ts';
import type { DataFolder } from '../../accounts/data-folder.ts';
import type { Clock } from '../../base/clock.ts';
import type { ArgumentsOf, CallName, ResultOf } from '../calls.ts';
import { ControlError } from '../control-error.ts';
import type { LiveServer } from '../live-server.ts';

/** What an administrator works on. */
export interface Office {
  readonly accounts: AccountFile;
  readonly folder: DataFolder;
  readonly clock: Pick<Clock, 'now'>;
  /** Missing where no server runs. */
  readonly live?: LiveServer;
}

/** One call: how its arguments are checked, and what is done. */
export interface Action<Name extends CallName> {
  /** @throws ControlError E_REQUEST when it is not what the contract says: it may come from anywhere */
  readonly read: (asked: unknown) => ArgumentsOf<Name>;
  readonly run: (office: Office, asked: ArgumentsOf<Name>) => Promise<ResultOf<Name>>;
}

/** A family of calls. */
export type Actions<Names extends CallName> = { readonly [Name in Names]: Action<Name> };

/** @throws ControlError E_NOT_RUNNING */
export function serverOf({ live }: Office): LiveServer {
  if (live) return live;
  throw new ControlError('E_NOT_RUNNING', 'No server runs on this data folder: only a server that runs can tell');
}
