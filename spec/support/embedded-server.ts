import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryAccountStore } from '../../lib/accounts/account-store.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import type { Site } from '../../lib/ftp/site.ts';
import { FtpServer } from '../../lib/server/ftp-server.ts';

/** Our own FTP server with one account that may do all in a temporary folder. */
export interface EmbeddedServer {
  readonly server: FtpServer;
  readonly site: Site;
  /** What the user sees as `/`. */
  readonly dataFolder: string;
  /** End it and remove its folder. Stopping twice is harmless. */
  stop(): Promise<void>;
}

/** Start our own server within this process, on a free port of 127.0.0.1. */
export async function startEmbeddedServer(password = 'a secret'): Promise<EmbeddedServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'filesmirror-embedded-'));
  // The account lives for one spec: a hash as costly as a real one would be most of its time.
  const accounts = new MemoryAccountStore(new PasswordHasher(4));
  const user = 'someone';
  await accounts.add({ name: user, home: dataFolder, permissions: ['read', 'write'] }, password);
  const server = new FtpServer({ accounts });
  const { address, port } = await server.listen();
  return {
    server,
    site: { protocol: 'ftp', host: address, port, user, password, directory: '' },
    dataFolder,
    stop: async () => {
      await server.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
