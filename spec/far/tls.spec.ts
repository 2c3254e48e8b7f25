import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import { openTransferPool } from '../../lib/far/transfer-pool.ts';
import type { Site } from '../../lib/ftp/site.ts';
import { makeCertificate } from '../support/foreign/openssl.ts';
import {
  type ForeignServer,
  requireOpenssl,
  requireServer,
  type ServerKind,
  startForeignServer,
} from '../support/foreign-server.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refusalOf } from '../support/transport-probe.ts';

const LONG_WAIT_MS = 60_000;

/** One child that trusts a certificate. */
function trusting(site: Site, certificate: string): TalkToFtpMulti {
  const pool = openTransferPool('P', 1, { NODE_EXTRA_CA_CERTS: certificate });
  return new TalkToFtpMulti({ site, rules: talkRules }, pool);
}

describe('explicit TLS (ftpes)', () => {
  const near = temporaryFolder();

  for (const kind of ['vsftpd', 'proftpd', 'pure-ftpd'] as const satisfies readonly ServerKind[]) {
    describe(`on ${kind}`, () => {
      let foreign: ForeignServer | undefined;
      let site: Site;

      beforeAll(async () => {
        try {
          requireServer(kind);
        } catch {
          // Each spec says so for itself.
          return;
        }
        foreign = await startForeignServer(kind, { tls: true });
        const { host, port, user, password } = foreign;
        site = { protocol: 'ftpes', host, port, user, password, directory: '' };
      }, LONG_WAIT_MS);

      afterAll(() => foreign?.stop());

      beforeEach(() => {
        requireServer(kind);
      });

      it('is refused with E_TLS in one line, before the login, when the certificate is not trusted', async () => {
        const logins = () => foreign?.log().match(/USER someone/g)?.length ?? 0;
        const before = logins();
        const talk = new TalkToFtp({ site, rules: { ...talkRules, attempts: 5 } });
        const error = await refusalOf(talk.connect());
        expect([error.code, error.retry]).toEqual(['E_TLS', false]);
        expect(error.message).toMatch(/^Cannot secure the connection to 127\.0\.0\.1: self-signed certificate[^\n]*$/);
        expect(logins()).toBe(before);
        await talk.disconnect();
      });

      it(
        'is used for all connections when the certificate is trusted',
        async () => {
          const dataFolder = foreign?.dataFolder ?? '';
          const certificate = join(near(), 'certificate.pem');
          writeFileSync(certificate, readFileSync(join(dirname(dataFolder), 'certificate.pem')));
          const { uid, gid } = statSync(dataFolder);
          mkdirSync(join(dataFolder, 'far'));
          chownSync(join(dataFolder, 'far'), uid, gid);
          const talk = trusting({ ...site, directory: 'far' }, certificate);
          await talk.connect();
          const sizes = [0, 1, 300_000, 0, 3_000_000];
          const sent = await Promise.all(
            sizes.map((size, index) => {
              const source = join(near(), `source${index}`);
              writeFileSync(source, Buffer.alloc(size, 'x'));
              return talk.upload({ path: `f${index}`, source, size, mtimeMs: 0 });
            }),
          );
          expect(sent.map(({ size }) => size)).toEqual(sizes);
          const listed = await talk.list('');
          expect(listed.map(({ name, size }) => `${name} ${size}`).sort()).toEqual(
            sizes.map((size, index) => `f${index} ${size}`),
          );
          await talk.disconnect();
        },
        LONG_WAIT_MS,
      );

      it('is not left out: the server would refuse a login without it', async () => {
        const talk = new TalkToFtp({ site: { ...site, protocol: 'ftp' }, rules: talkRules });
        // Pure-FTPd says 421, the others 530.
        expect((await refusalOf(talk.connect())).code).toMatch(/^(E_LOGIN|E_CAPACITY)$/);
        await talk.disconnect();
      });
    });
  }
});

describe('implicit TLS (ftps)', () => {
  const near = temporaryFolder();
  const home = temporaryFolder();
  let server: ScriptedServer | undefined;
  let site: Site;

  beforeEach(async () => {
    requireOpenssl();
    makeCertificate(home());
    const [key, cert] = ['key.pem', 'certificate.pem'].map((name) => readFileSync(join(home(), name)));
    server = await ScriptedServer.start({}, undefined, { key, cert });
    site = { ...server.site, protocol: 'ftps' };
  });

  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  it('is refused with E_TLS in one line when the certificate is not trusted, and no password is sent', async () => {
    const talk = new TalkToFtp({ site, rules: talkRules });
    const error = await refusalOf(talk.connect());
    expect([error.code, error.retry]).toEqual(['E_TLS', false]);
    expect(error.message).toMatch(/^Cannot connect to 127\.0\.0\.1 port \d+: self-signed certificate[^\n]*$/);
    expect(server?.commands.join()).not.toMatch(/USER|PASS/);
    await talk.disconnect();
  });

  it(
    'is used for all connections when the certificate is trusted',
    async () => {
      const talk = trusting(site, join(home(), 'certificate.pem'));
      const source = join(near(), 'source');
      writeFileSync(source, 'content');
      await talk.connect();
      await talk.upload({ path: 'file', source, size: 7, mtimeMs: 0 });
      expect(server?.files.get('/file')?.toString()).toBe('content');
      expect(server?.commands).toContain('PROT P');
      await talk.disconnect();
    },
    LONG_WAIT_MS,
  );

  it(
    'is refused when the certificate is for another host',
    async () => {
      // Another way to write 127.0.0.1, which the certificate does not name.
      const talk = trusting({ ...site, host: '127.1' }, join(home(), 'certificate.pem'));
      const error = await refusalOf(talk.connect());
      expect(error.code).toBe('E_TLS');
      expect(error.message).toContain("does not match certificate's altnames");
      expect(server?.commands.join()).not.toMatch(/USER|PASS/);
      await talk.disconnect();
    },
    LONG_WAIT_MS,
  );
});
