import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Site } from '../../lib/ftp/site.ts';
import type { FtpServer } from '../../lib/server/ftp-server.ts';
import { startServer } from './ftp-server.ts';

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
  const user = 'someone';
  const { server, address, port } = await startServer({ home: dataFolder, user, password });
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
