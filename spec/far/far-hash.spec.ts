import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { systemClock } from '../../lib/base/clock.ts';
import { ContentHash, type HashKind } from '../../lib/far/content-hash.ts';
import { farHashOf, offeredHash } from '../../lib/far/far-hash.ts';
import { FtpConnection } from '../../lib/far/ftp-connection.ts';
import { Line } from '../../lib/far/line.ts';
import { storeRaw } from '../../lib/far/raw-moves.ts';
import { requireServer, startForeignServer } from '../support/foreign-server.ts';
import { type Script, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';

const CONTENT = Buffer.from('some content');
const WRONG_KIND = '211-I can\n HASH SHA-1*;MD5\n211 that';

describe('offeredHash', () => {
  const offered = (features: Readonly<Record<string, string>>) => {
    const way = offeredHash(new Map(Object.entries(features)));
    return way && `${way.verb} ${way.kind}`;
  };

  for (const [features, way] of [
    [{}, undefined],
    [{ SIZE: '' }, undefined],
    [{ HASH: 'CRC32;MD5;SHA-1*;SHA-256;SHA-512;', XMD5: '', XSHA256: '' }, 'HASH sha256'],
    [{ HASH: 'sha-1*; md5', XCRC: '' }, 'HASH sha1'],
    [{ HASH: 'MD5*', XSHA256: 'filename' }, 'XSHA256 sha256'],
    [{ HASH: 'WHIRLPOOL*' }, undefined],
    [{ XSHA: '', XMD5: '', XCRC: '' }, 'XSHA sha1'],
    [{ XMD5: 'filename;start;end', XCRC: '' }, 'XMD5 md5'],
    [{ MD5: '', XCRC: '' }, 'MD5 md5'],
    [{ XCRC: '"filename" SP EP' }, 'XCRC crc32'],
  ] as const) {
    it(`is ${way} where FEAT says ${JSON.stringify(features)}`, () => expect(offered(features)).toBe(way));
  }
});

describe('farHashOf', () => {
  let server: ScriptedServer;
  let connection: FtpConnection;

  async function start(script: Script): Promise<void> {
    server = await ScriptedServer.start(script);
    connection = await FtpConnection.open(
      { site: server.site, rules: { ...talkRules, timeoutMs: 300 } },
      new Line({ rules: talkRules }, systemClock),
    );
  }
  afterEach(async () => {
    connection.close();
    await server.stop();
  });

  const md5 = createHash('md5').update(CONTENT).digest('hex');
  for (const [what, verb, kind, reply, told] of [
    ['in capitals', 'XMD5', 'md5', `250 ${md5.toUpperCase()}`, md5],
    ['over several lines', 'XMD5', 'md5', `250-Computing\n250 ${md5}`, md5],
    ['with a full stop', 'XMD5', 'md5', `250 ${md5}.`, md5],
    ['behind a path like a hash', 'MD5', 'md5', `251 /${'a'.repeat(32)} ${md5}`, md5],
    ['behind a path in quotes', 'MD5', 'md5', `251 "/a b" ${md5}`, md5],
    ['without its leading zeros', 'XCRC', 'crc32', '250 D4A1185', '0d4a1185'],
    ['by HASH', 'HASH', 'md5', `213 MD5 0-11 ${md5} /${'a'.repeat(32)}`, md5],
    ['of another kind', 'HASH', 'md5', `213 SHA-1 0-11 ${'a'.repeat(40)} /f`, undefined],
    ['of another length', 'XMD5', 'md5', '250 abc', undefined],
    ['as a refusal', 'XMD5', 'md5', `550 ${md5}`, undefined],
    ['in words', 'XMD5', 'md5', '250 done', undefined],
  ] as const) {
    it(`understands a reply ${what}`, async () => {
      await start({ [verb]: reply });
      expect(await farHashOf(connection, { verb, kind }, '/f', 12)).toBe(told);
    });
  }

  it('puts a path with blanks in quotes where something may follow it', async () => {
    await start({ XMD5: '500 no', HASH: '500 no', FEAT: WRONG_KIND });
    await farHashOf(connection, { verb: 'XMD5', kind: 'md5' }, '/a b', 1);
    await farHashOf(connection, { verb: 'HASH', kind: 'sha1' }, '/a b', 1);
    expect(server.commands.slice(-3)).toEqual(['XMD5 "/a b"', 'OPTS HASH SHA-1', 'HASH /a b']);
  });

  it('waits longer for a large file', async () => {
    await start({ XMD5: () => undefined });
    const begin = performance.now();
    await expectAsync(farHashOf(connection, { verb: 'XMD5', kind: 'md5' }, '/f', 8_000_000)).toBeRejected();
    expect(performance.now() - begin).toBeGreaterThan(650);
  });
});

describe('farHashOf on proftpd', () => {
  it('is told what ContentHash makes of the same content, by every way it offers', async () => {
    requireServer('proftpd');
    const server = await startForeignServer('proftpd');
    const { host, port, user, password } = server;
    const site = { protocol: 'ftp', host, port, user, password, directory: '/' } as const;
    const connection = await FtpConnection.open(
      { site, rules: talkRules },
      new Line({ rules: talkRules }, systemClock),
    );
    try {
      await storeRaw({ content: Readable.from([CONTENT]), path: '/a b', place: 'begin' }, connection, {});
      const ways: readonly (readonly [string, HashKind])[] = [
        ...(['sha256', 'sha512', 'sha1', 'md5', 'crc32'] as const).map((kind) => ['HASH', kind] as const),
        ['XSHA256', 'sha256'],
        ['XSHA512', 'sha512'],
        ['XSHA1', 'sha1'],
        ['XSHA', 'sha1'],
        ['XMD5', 'md5'],
        ['MD5', 'md5'],
        ['XCRC', 'crc32'],
      ];
      for (const [verb, kind] of ways) {
        const here = new ContentHash(kind);
        here.update(CONTENT.subarray(0, 5));
        here.soFar();
        here.update(CONTENT.subarray(5));
        expect(await farHashOf(connection, { verb, kind }, '/a b', CONTENT.length))
          .withContext(`${verb} ${kind}`)
          .toBe(here.soFar());
      }
    } finally {
      connection.close();
      await server.stop();
    }
  });
});
