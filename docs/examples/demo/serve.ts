import { randomBytes } from 'node:crypto';
import { FtpServer, MemoryAccountStore } from 'filesmirror';

/** A server that runs, and how to log in to it. */
export interface Served {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** How many connections were opened so far. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** Start the embedded server on a free port of this machine, with one account that nobody else can know. */
export async function serve(home: string): Promise<Served> {
  const accounts = new MemoryAccountStore();
  const user = 'demo';
  const password = randomBytes(16).toString('hex');
  await accounts.add({ name: user, home, permissions: ['read', 'write'] }, password);
  const server = new FtpServer({ accounts });
  let connections = 0;
  server.events.on('sessionOpened', () => {
    connections += 1;
  });
  const { address, port } = await server.listen();
  return { address, port, user, password, connections: () => connections, close: () => server.close() };
}
