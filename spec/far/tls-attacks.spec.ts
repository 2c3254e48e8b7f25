import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsRules } from '../../lib/far/transfer-jobs.ts';
import { makeCertificate, pinOf } from '../support/foreign/openssl.ts';
import { requireOpenssl, requireServer } from '../support/foreign-server.ts';
import { type Script, ScriptedServer } from '../support/scripted-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { sendAll, sharedTlsServer, talkTo } from './tls-scene.ts';

const LONG_WAIT_MS = 60_000;

describe('TLS, when somebody on the way', () => {
  const own = temporaryFolder();
  const other = temporaryFolder();
  let closing: (() => unknown)[] = [];

  beforeEach(requireOpenssl.bind(undefined, process.env));

  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });

  const ways: Readonly<Record<string, () => TlsRules>> = {
    authority: () => ({ ca: readFileSync(join(own(), 'certificate.pem'), 'utf8') }),
    key: () => ({ pins: [pinOf(own()).slice('sha256/'.length)] }),
  };
  for (const [by, rules] of Object.entries(ways)) {
    it(`takes a data connection, he gets nothing where the server is known by its ${by}`, async () => {
      makeCertificate(own());
      makeCertificate(other());
      const got: string[] = [];
      const thief = createTlsServer(identityIn(other()), (socket) => socket.on('data', (data) => got.push(`${data}`)));
      const port = await listening(thief.on('tlsClientError', () => undefined));
      const server = await scripted({ EPSV: `229 come (|||${port}|)`, STOR: async () => '150 send' });
      const talk = talkTo({ ...server.site, protocol: 'ftps' }, rules());
      closing.push(() => talk.disconnect());
      const error = await refusalOf(sendAll(talk, own(), [70_000]));
      expect([error.code, error.retry]).toEqual(['E_TLS', false]);
      expect(error.message).toMatch(/its certificate is signed by itself|has another key/);
      expect(got).toEqual([]);
    });

    it(`lists a folder in place of the server, he is not believed where it is known by its ${by}`, async () => {
      makeCertificate(own());
      makeCertificate(other());
      const liar = createTlsServer(identityIn(other()), (socket) => socket.end('type=file;size=1; lie\r\n'));
      const port = await listening(liar.on('tlsClientError', () => undefined));
      const server = await scripted({
        EPSV: `229 come (|||${port}|)`,
        MLSD: async () => '150 listen\n226 that is all',
      });
      const talk = talkTo({ ...server.site, protocol: 'ftps' }, rules());
      closing.push(() => talk.disconnect());
      const error = await refusalOf(talk.list(''));
      expect(error.code).toBe('E_TLS');
      expect(error.message).toMatch(/its certificate is signed by itself|has another key/);
    });
  }

  for (const refusal of ['534 no', '536 no', '431 not now', '502 what?']) {
    it(`has the server refuse protected data connections (${refusal}), nothing is sent`, async () => {
      makeCertificate(own());
      const server = await scripted({ PROT: refusal });
      const talk = talkTo({ ...server.site, protocol: 'ftps' }, ways['authority']?.() ?? {});
      closing.push(() => talk.disconnect());
      const error = await refusalOf(talk.connect());
      expect(error.code).toBe(refusal.startsWith('4') ? 'E_BUSY' : 'E_TLS');
      expect(error.message).toContain(refusal);
      expect(server.verbs.filter((verb) => verb === 'EPSV' || verb === 'PASV')).toEqual([]);
    });
  }

  describe('damages', () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      for (const what of ['what is asked', 'what is answered'] as const) {
        it(`${what} (${maxVersion}), the connection counts as broken, and all goes well on the next`, async () => {
          makeCertificate(own());
          const server = await scripted({});
          let isCalm = true;
          const damaged = (data: Buffer) => {
            if (!isCalm) data[data.length - 1] = ~(data.at(-1) ?? 0);
            isCalm = true;
            return data;
          };
          const way = createServer((from) => {
            const on = connect(server.port, '127.0.0.1').on('error', () => from.destroy());
            from.on('error', () => on.destroy()).on('end', () => on.end());
            on.on('end', () => from.end());
            from.on('data', (data) => on.write(what === 'what is asked' ? damaged(data) : data));
            on.on('data', (data) => from.write(what === 'what is answered' ? damaged(data) : data));
          });
          const site = { ...server.site, protocol: 'ftps', port: await listening(way) } as const;
          const talk = talkTo(site, { ...ways['authority']?.(), maxVersion });
          closing.push(() => talk.disconnect());
          await talk.connect();
          isCalm = false;
          const { code, retry, message } = await refusalOf(talk.mkdir('a'));
          expect([code, retry]).toEqual(['E_LOST', true]);
          expect(message).toMatch(/^Cannot \S+ \S+: a record of TLS was damaged on the way \(.*\)$/);
          await talk.mkdir('a');
          expect([...server.folders]).toEqual(['/', '/a']);
          expect(server.sessions).toBe(2);
        });
      }
    }
  });

  describe('speaks before the handshake', () => {
    const server = sharedTlsServer('vsftpd', 'ftpes');

    for (const [what, injected] of [
      ['whole replies', '331 give it to me\r\n230 come in\r\n'],
      ['a line without an end', '331-'],
      ['a reply of several lines without an end', '230-come\r\n'],
    ] as const) {
      it(
        `(${what}), nobody listens to that after it`,
        async () => {
          requireServer('vsftpd');
          const { site, ca } = server();
          const way = createServer((from) => {
            const on = connect(site.port, site.host).on('error', () => from.destroy());
            from.on('error', () => on.destroy()).pipe(on);
            on.on('data', (data) => {
              from.write(
                data.toString('latin1').startsWith('234') ? Buffer.concat([data, Buffer.from(injected)]) : data,
              );
            });
            on.on('end', () => from.end());
          });
          const talk = talkTo({ ...site, port: await listening(way) }, { ca });
          closing.push(() => talk.disconnect());
          expect(await sendAll(talk, own(), [3, 0])).toEqual(['f0 3', 'f1 0']);
        },
        LONG_WAIT_MS,
      );
    }
  });

  async function scripted(script: Script): Promise<ScriptedServer> {
    const server = await ScriptedServer.start(script, undefined, identityIn(own()));
    closing.push(() => server.stop());
    return server;
  }

  async function listening(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  function identityIn(folder: string): { key: Buffer; cert: Buffer } {
    return { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'certificate.pem')) };
  }
});
