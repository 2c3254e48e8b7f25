import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Permission } from '../../lib/accounts/account.ts';
import { MemoryAccountStore } from '../../lib/accounts/account-store.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { FtpServer, type FtpServerOptions } from '../../lib/server/ftp-server.ts';
import { ControlLine } from './control-line.ts';
import { undocumentedReplies } from './documented-replies.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Who may log in to a server of a spec. */
export interface ServerAccount {
  readonly home: string;
  readonly user?: string;
  readonly password?: string;
  readonly permissions?: readonly Permission[];
}

/** A server that listens. */
export interface StartedServer {
  readonly server: FtpServer;
  readonly address: string;
  readonly port: number;
  /** Where TLS begins with the first byte, if there is such a port. */
  readonly implicitPort?: number;
}

/** Start a server on a free port of this machine, with one account (`steve`, `secret`) that costs little to check. */
export async function startServer(
  { home, user = 'steve', password = 'secret', permissions = ['read', 'write'] }: ServerAccount,
  options: Omit<FtpServerOptions, 'accounts'> = {},
): Promise<StartedServer> {
  const accounts = new MemoryAccountStore(new PasswordHasher(1));
  await accounts.add({ name: user, home, permissions }, password);
  const server = new FtpServer({ accounts, ...options });
  return { server, ...(await server.listen()) };
}

/** What a spec finds of its server. */
export interface ServedFolder extends StartedServer {
  /** The user's home on this machine. */
  readonly home: string;
  /** A folder beside the home, that no client may ever see. */
  readonly outside: string;
  /** A fresh control connection, greeted only. */
  line(): Promise<ControlLine>;
  /** A fresh control connection, logged in, TYPE I. */
  session(): Promise<ControlLine>;
  /** Another server in the place of this one, which is ended where it was not yet. */
  startAgain(password?: string): Promise<void>;
}

/** A server for each spec of the enclosing `describe`, closed after it together with the lines it gave out. */
export function servedFolder(
  options: () => Omit<FtpServerOptions, 'accounts'> = () => ({}),
  permissions: readonly Permission[] = ['read', 'write'],
): () => ServedFolder {
  const folder = temporaryFolder();
  const lines: ControlLine[] = [];
  let started: StartedServer;
  let undocumented: readonly string[] = [];
  beforeEach(async () => {
    mkdirSync(join(folder(), 'home'));
    mkdirSync(join(folder(), 'outside'));
    started = await startServer({ home: join(folder(), 'home'), permissions }, options());
    undocumented = undocumentedReplies(started.server.events);
  });
  afterEach(async () => {
    for (const line of lines.splice(0)) line.close();
    await started.server.close();
    expect(undocumented).withContext('replies that the table of commands does not tell').toEqual([]);
  });
  const line = async (): Promise<ControlLine> => {
    const opened = await ControlLine.to(started.port);
    lines.push(opened);
    return opened;
  };
  const session = async (): Promise<ControlLine> => {
    const opened = await line();
    await opened.logIn();
    return opened;
  };
  const startAgain = async (password = 'secret'): Promise<void> => {
    const { server, port } = started;
    await server.close();
    started = await startServer({ home: join(folder(), 'home'), password, permissions }, { ...options(), port });
  };
  const paths = () => ({ home: join(folder(), 'home'), outside: join(folder(), 'outside') });
  return () => ({ ...started, ...paths(), line, session, startAgain });
}
