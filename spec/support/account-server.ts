import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import type { UserSettings } from '../../lib/accounts/user.ts';
import { FtpServer } from '../../lib/server/ftp-server.ts';
import { ControlLine } from './control-line.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A server whose accounts are in a file, with the user `steve`, whose password is `secret`. */
export interface AccountServer {
  readonly server: FtpServer;
  readonly accounts: AccountFile;
  /** The home of steve on this machine. */
  readonly home: string;
  /** A fresh control connection, logged in, TYPE I; as steve unless told. */
  session(user?: string): Promise<ControlLine>;
  /** What the server says that the files of steve take. */
  counted(): Promise<number>;
}

/**
 * One for each spec of the enclosing `describe`, closed after it together with the lines it gave out.
 *
 * @param settings of steve
 * @param makeFolder makes the folder that everything lies in, and returns what lets go of it
 */
export function accountServer(
  settings: Partial<UserSettings> = {},
  makeFolder: (path: string) => () => void = (path) => {
    mkdirSync(path);
    return () => undefined;
  },
): () => AccountServer {
  const folder = temporaryFolder();
  const lines: ControlLine[] = [];
  let server: FtpServer;
  let accounts: AccountFile;
  let port: number;
  let letGo: () => void;
  beforeEach(async () => {
    const data = dataFolderAt(join(folder(), 'data'));
    const hasher = new PasswordHasher(1);
    letGo = makeFolder(data.root);
    mkdirSync(data.docs);
    await AccountFile.create(data, { name: 'admin', password: 'password' }, hasher);
    accounts = await AccountFile.open(data, { hasher });
    await accounts.add('steve', 'secret', settings);
    server = new FtpServer({ accounts });
    port = (await server.listen()).port;
  });
  afterEach(async () => {
    for (const line of lines.splice(0)) line.close();
    await server.close();
    await accounts.close();
    letGo();
  });
  const session = async (user?: string) => {
    const line = await ControlLine.to(port);
    lines.push(line);
    await line.logIn(user);
    return line;
  };
  return () => {
    const home = accounts.homeOf('steve');
    const counted = () => server.spaces.usedBytes(accounts.find('steve') ?? { home });
    return { server, accounts, home, session, counted };
  };
}

/** What the regular files below a folder hold, in bytes. */
export function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => lstatSync(join(folder, name)))
    .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0);
}
