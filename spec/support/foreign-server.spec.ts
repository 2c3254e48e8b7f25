import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'basic-ftp';
import {
  type ForeignServer,
  type ForeignServerOptions,
  missingServer,
  requireOpenssl,
  requireServer,
  type ServerKind,
  serverKinds,
  startForeignServer,
} from './foreign-server.ts';

const NAME = 'Größe – 表 🙂.txt';

describe('a foreign server', () => {
  let clients: Client[];
  let servers: ForeignServer[];

  beforeEach(() => {
    clients = [];
    servers = [];
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  async function start(kind: ServerKind, options?: ForeignServerOptions): Promise<ForeignServer> {
    requireServer(kind);
    const server = await startForeignServer(kind, options);
    servers.push(server);
    return server;
  }

  async function login({ host, port, user, password }: ForeignServer, secure = false): Promise<Client> {
    const client = new Client();
    clients.push(client);
    await client.access({ host, port, user, password, secure, secureOptions: { rejectUnauthorized: false } });
    return client;
  }

  for (const kind of serverKinds) {
    for (const tls of [false, true]) {
      it(`${kind} ${tls ? 'with' : 'without'} TLS keeps what is uploaded under a name in UTF-8, and lists it`, async () => {
        const server = await start(kind, { tls });
        const client = await login(server, tls);
        await client.ensureDir('/häuser/leer');
        await client.uploadFrom(Readable.from(['content']), `/häuser/${NAME}`);
        await client.uploadFrom(Readable.from(['x']), '/.hidden');
        expect(readFileSync(join(server.dataFolder, 'häuser', NAME), 'utf8')).toBe('content');
        expect((await client.list('/häuser')).map(({ name, size }) => [name, size])).toContain([NAME, 7]);
        expect((await client.list('/')).map(({ name }) => name)).toContain('.hidden');
      });
    }

    it(`${kind} refuses a login without TLS when TLS is wanted`, async () => {
      await expectAsync(login(await start(kind, { tls: true }))).toBeRejected();
    });

    // Pure-FTPd lets some seconds pass before it says no: too long for what this proves.
    if (kind !== 'pure-ftpd')
      it(`${kind} refuses a wrong password`, async () => {
        const server = await start(kind);
        await expectAsync(login({ ...server, password: 'wrong' })).toBeRejectedWithError(/^530/);
      });

    it(`${kind} lets 64 users in from one address`, async () => {
      const server = await start(kind);
      for (let wave = 0; wave < 8; wave += 1) await Promise.all(Array.from({ length: 8 }, () => login(server)));
      const folders = await Promise.all(clients.map((client) => client.pwd()));
      expect(folders).toEqual(Array(64).fill('/'));
    });

    it(`${kind} lets no more in than it is told`, async () => {
      const server = await start(kind, { maxClients: 2 });
      await login(server);
      await login(server);
      await expectAsync(login(server)).toBeRejectedWithError(/^(421|530)/);
    });

    it(`${kind} renames and removes what the spec put there for it`, async () => {
      const server = await start(kind);
      const { uid, gid } = statSync(server.dataFolder);
      expect([uid, gid]).not.toContain(0);
      const client = await login(server);
      await client.uploadFrom(Readable.from(['1']), 'a');
      await client.uploadFrom(Readable.from(['22']), 'b');
      await client.rename('a', 'b');
      expect(readFileSync(join(server.dataFolder, 'b'), 'utf8')).toBe('1');
      await client.remove('b');
      expect(readdirSync(server.dataFolder)).toEqual([]);
    });

    it(`${kind} sets the time of a file`, async () => {
      const server = await start(kind);
      const client = await login(server);
      await client.uploadFrom(Readable.from(['x']), 'a');
      // vsftpd has the old way only: MDTM with a time before the name.
      await client.send(`${kind === 'vsftpd' ? 'MDTM' : 'MFMT'} 20200102030405 a`);
      expect(statSync(join(server.dataFolder, 'a')).mtime.toISOString()).toBe('2020-01-02T03:04:05.000Z');
    });

    it(`${kind} ends with its sessions and its folder`, async () => {
      const server = await start(kind);
      const socket = connect(server.port, server.host);
      await once(socket, 'data');
      const closed = once(socket.resume(), 'close');
      await server.stop();
      await closed;
      await server.stop();
      expect(existsSync(server.dataFolder)).toBeFalse();
      expect(() => process.kill(server.pid, 0)).toThrowError(/ESRCH/);
    });
  }

  it('runs beside others', async () => {
    const all = await Promise.all([...serverKinds, ...serverKinds].map((kind) => start(kind)));
    const logins = await Promise.all(all.map((server) => login(server)));
    await Promise.all(logins.map((client, index) => client.uploadFrom(Readable.from([String(index)]), 'number')));
    expect(all.map(({ dataFolder }) => readFileSync(join(dataFolder, 'number'), 'utf8'))).toEqual([...'012345']);
  });
});

describe('a missing server', () => {
  const elsewhere = { FOREIGN_FTP_SERVERS: '/nowhere' };

  it('is not here when one of its programs is not', () => {
    expect(missingServer('pure-ftpd', elsewhere)).toMatch(
      /^pure-ftpd is not here: no \/nowhere\/usr\/sbin\/pure-ftpd /,
    );
  });

  it('cannot be set up without openssl', () => {
    requireServer('proftpd');
    expect(missingServer('proftpd', { ...process.env, PATH: '/nowhere' })).toMatch(/no openssl/);
  });

  it('fails a spec where CI installed it', () => {
    expect(() => requireServer('vsftpd', { ...elsewhere, CI: 'true' })).toThrowError(
      'vsftpd is not here: no /nowhere/usr/sbin/vsftpd (see docs/guides/testing.md)',
    );
  });

  it('makes a spec pending elsewhere, with the reason', () => {
    expect(() => requireServer('proftpd', elsewhere)).toThrowMatching((thrown) =>
      /Pending.*proftpd is not here/.test(String(thrown)),
    );
  });

  it('is the same for openssl, which a spec may need by itself', () => {
    expect(() => requireOpenssl({ PATH: '/nowhere', CI: 'true' })).toThrowError(/there is no openssl/);
    expect(() => requireOpenssl({ PATH: '/nowhere' })).toThrowMatching((thrown) =>
      /Pending.*openssl/.test(String(thrown)),
    );
  });
});
