import { join, resolve } from 'node:path';

/** Where everything of one MiniFTP server lies; absolute paths. Server and administrator's tool find each other by it. */
export interface DataFolder {
  readonly root: string;
  /** What the operator sets: a JSON object of option names and values. */
  readonly configFile: string;
  /** Users and the administrator, with hashes of their passwords. */
  readonly accountsFile: string;
  /** Holds the home folder of each user, by name. */
  readonly docs: string;
  /** One file of log lines a day, and the transfer log. */
  readonly log: string;
  /** What administrators did, a line of JSON each, kept for good. */
  readonly auditFile: string;
  /** Held by whoever may write the accounts: the server as long as it runs, else the administrator's tool. */
  readonly lockFile: string;
  /** Where the server listens for the administrator's tool. */
  readonly controlSocket: string;
}

/** The places in a data folder, which need not exist. */
export function dataFolderAt(folder: string): DataFolder {
  const root = resolve(folder);
  return {
    root,
    configFile: join(root, 'conf.json'),
    accountsFile: join(root, 'users', 'accounts.json'),
    docs: join(root, 'docs'),
    log: join(root, 'log'),
    auditFile: join(root, 'log', 'audit.log'),
    lockFile: join(root, 'run', 'lock'),
    controlSocket: join(root, 'run', 'control.sock'),
  };
}
