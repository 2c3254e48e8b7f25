import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import type { TlsRules } from '../../lib/far/transfer-jobs.ts';
import type { Site } from '../../lib/ftp/site.ts';
import { type CertificateOptions, makeCertificate } from '../support/foreign/openssl.ts';
import { requireOpenssl, requireServer } from '../support/foreign-server.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { refusalOf } from '../support/transport-probe.ts';
import { sendAll, sharedTlsServer, startTlsServer, type TlsServer, talkTo, tlsServers } from './tls-scene.ts';

const LONG_WAIT_MS = 60_000;
const DAY_MS = 86_400_000;
const OTHER_PIN = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

for (const [kind, protocol] of tlsServers) {
  describe(`TLS with ${kind} (${protocol})`, () => {
    const near = temporaryFolder();
    const server = sharedTlsServer(kind, protocol);

    beforeEach(() => {
      requireServer(kind);
    });

    const refusals: Readonly<Record<string, readonly [(server: TlsServer) => TlsRules, RegExp]>> = {
      'the certificate is signed by itself and nobody named it': [
        () => ({}),
        /: its certificate is signed by itself: name that certificate with --tls-ca, or its key with --tls-pin$/,
      ],
      'it has another key than the one that was named': [
        () => ({ pins: [OTHER_PIN] }),
        /the server has another key than --tls-pin says: sha256\/[\w+/]{43}=$/,
      ],
      'only one of key and authority is the right one': [
        ({ ca }) => ({ ca, pins: [OTHER_PIN] }),
        /the server has another key than --tls-pin says: /,
      ],
    };
    for (const [why, [rules, message]] of Object.entries(refusals)) {
      it(`is refused in one line, once and before the login, when ${why}`, async () => {
        const before = server().logins();
        const talk = new TalkToFtp({ site: server().site, rules: { ...talkRules, attempts: 5 }, tls: rules(server()) });
        const error = await refusalOf(talk.connect());
        await talk.disconnect();
        expect([error.code, error.retry]).toEqual(['E_TLS', false]);
        expect(error.message).toMatch(message);
        expect(error.message).not.toContain('\n');
        expect(server().logins()).toBe(before);
      });
    }

    const ways: Readonly<Record<string, (server: TlsServer) => TlsRules>> = {
      'its authority': ({ ca }) => ({ ca }),
      'its key': ({ pin }) => ({ pins: [OTHER_PIN, pin] }),
      both: ({ ca, pin }) => ({ ca, pins: [pin] }),
    };
    for (const [by, rules] of Object.entries(ways)) {
      it(
        `is used for all connections when the server is trusted by ${by}`,
        async () => {
          const talk = talkTo(server().site, rules(server()));
          const sizes = [0, 1, 300_000, 0, 3_000_000];
          expect(await sendAll(talk, near(), sizes)).toEqual(sizes.map((size, index) => `f${index} ${size}`));
          await talk.disconnect();
        },
        LONG_WAIT_MS,
      );
    }

    it('is not left out: the server would not let anybody in without it', async () => {
      // Where TLS begins with the first byte, both sides wait for the other to speak.
      const rules = { ...talkRules, timeoutMs: protocol === 'ftps' ? 300 : talkRules.timeoutMs };
      const talk = new TalkToFtp({ site: { ...server().site, protocol: 'ftp' }, rules });
      // Pure-FTPd says 421 to a name in clear text, the others 530.
      expect((await refusalOf(talk.connect())).code).toMatch(
        protocol === 'ftps' ? /^E_TIMEOUT$/ : /^(E_LOGIN|E_CAPACITY)$/,
      );
      await talk.disconnect();
    });
  });
}

describe('TLS with a certificate', () => {
  const expired = { from: new Date(Date.now() - 2 * DAY_MS), to: new Date(Date.now() - DAY_MS) };
  const early = { from: new Date(Date.now() + DAY_MS) };
  const wrong: Readonly<Record<string, readonly [CertificateOptions, ofAuthority: RegExp, ofKey?: RegExp]>> = {
    'that has expired': [
      expired,
      /: its certificate has expired: whoever runs it has to renew it$/,
      /: the certificate of the server has expired on /,
    ],
    'that is not valid yet': [
      early,
      /: its certificate is not valid yet: look whether the clock of this machine is right$/,
      /: the certificate of the server is not valid before /,
    ],
    'for another host': [
      { names: 'DNS:another.example' },
      /: its certificate is for DNS:another\.example, not for 127\.0\.0\.1: call it by a name of its certificate, or name its key with --tls-pin$/,
    ],
  };
  for (const [kind, protocol] of [
    ['vsftpd', 'ftpes'],
    ['proftpd', 'ftps'],
  ] as const) {
    for (const [what, [certificate, ofAuthority, ofKey]] of Object.entries(wrong)) {
      it(
        `${what} is refused by ${protocol} in one line, before the login to ${kind}`,
        async () => {
          requireServer(kind);
          const server = await startTlsServer(kind, protocol, { certificate });
          try {
            const { site, ca, pin } = server;
            await expectDistrust(site, { ca }, ofAuthority);
            if (ofKey) await expectDistrust(site, { pins: [pin] }, ofKey);
            expect(server.logins()).toBe(0);
          } finally {
            await server.foreign.stop();
          }
        },
        LONG_WAIT_MS,
      );
    }
  }

  async function expectDistrust(site: Site, tls: TlsRules, message: RegExp): Promise<void> {
    const talk = talkTo(site, tls);
    const error = await refusalOf(talk.connect());
    await talk.disconnect();
    expect([error.code, error.retry]).toEqual(['E_TLS', false]);
    expect(error.message).toMatch(message);
  }

  it(
    'for another host is as good as any where the key is known',
    async () => {
      requireServer('vsftpd');
      const server = await startTlsServer('vsftpd', 'ftpes', { certificate: { names: 'DNS:another.example' } });
      try {
        const talk = talkTo(server.site, { pins: [server.pin] });
        await expectAsync(talk.connect()).toBeResolved();
        await talk.disconnect();
      } finally {
        await server.foreign.stop();
      }
    },
    LONG_WAIT_MS,
  );
});

describe('TLS with a server that demands a certificate of the client', () => {
  const own = temporaryFolder();
  const other = temporaryFolder();

  for (const kind of ['vsftpd', 'proftpd'] as const) {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(
        `lets in who shows the right one and refuses all others in one line, on ${kind} with ${maxVersion}`,
        async () => {
          requireServer(kind);
          makeCertificate(own());
          makeCertificate(other());
          const clientAuthority = join(own(), 'certificate.pem');
          const server = await startTlsServer(kind, 'ftpes', { clientAuthority });
          const { site, ca } = server;
          try {
            const talk = talkTo(site, { ca, maxVersion, ...identityIn(own()) });
            expect(await sendAll(talk, own(), [5, 0])).toEqual(['f0 5', 'f1 0']);
            await talk.disconnect();
            const before = server.logins();
            for (const identity of [{}, identityIn(other())]) {
              const stranger = talkTo(site, { ca, maxVersion, ...identity });
              const error = await refusalOf(stranger.connect());
              await stranger.disconnect();
              expect(error.code).toBe('E_TLS');
              expect(error.message).toMatch(/--tls-cert/);
            }
            expect(server.logins()).toBe(before);
          } finally {
            await server.foreign.stop();
          }
        },
        LONG_WAIT_MS,
      );
    }
  }

  function identityIn(folder: string): TlsRules {
    const [certificate, key] = ['certificate.pem', 'key.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
    return { certificate: certificate ?? '', key: key ?? '' };
  }
});

describe('TLS with a server of many sites', () => {
  const wanted = temporaryFolder();
  const other = temporaryFolder();

  it('asks for the site by its name on all connections: the server shows the certificate of that one', async () => {
    requireOpenssl();
    makeCertificate(wanted());
    makeCertificate(other(), { names: 'DNS:another.example' });
    const [key, cert] = ['key.pem', 'certificate.pem'].map((name) => readFileSync(join(wanted(), name)));
    const asked: string[] = [];
    const server = await ScriptedServer.start({}, undefined, {
      ...{ key: readFileSync(join(other(), 'key.pem')), cert: readFileSync(join(other(), 'certificate.pem')) },
      SNICallback: (name, tell) => {
        asked.push(name);
        tell(null, createSecureContext({ key, cert }));
      },
    });
    const talk = talkTo({ ...server.site, protocol: 'ftps', host: 'localhost' }, { ca: `${cert}` });
    expect(await sendAll(talk, wanted(), [3])).toEqual(['f0 3']);
    await talk.disconnect();
    await server.stop();
    // The control connection, the file, the listing.
    expect(asked).toEqual(['localhost', 'localhost', 'localhost']);
  });
});
