import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { TlsIdentity } from '../../lib/server/tls-identity.ts';
import { certificate } from '../support/certificate.ts';
import { ControlLine, connected, secureData } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

const identity = () => new TlsIdentity(certificate());

describe('Commands in plain text before AUTH TLS', () => {
  const served = servedFolder(() => ({ tls: { identity: identity() } }));

  it('threat 5: what was said before is forgotten: USER, REST, RNFR, EPSV', async () => {
    writeFileSync(join(served().home, 'a'), 'content');
    const line = await served().session();
    await line.ask('RNFR a');
    await line.ask('REST 3');
    const early = await line.dataConnection();
    const isClosed = new Promise((resolve) => early.resume().once('close', resolve));
    await line.ask('USER steve');
    await line.startTls();
    await isClosed;
    expect(await line.code('PASS secret')).toBe(503);
    await line.logIn();
    expect(await line.code('NLST')).toBe(425);
    expect(await line.code('RNTO b')).toBe(503);
    expect((await line.download('RETR a')).toString()).toBe('content');
  });
});

describe('What another protocol says to the server', () => {
  const served = servedFolder(() => ({ tls: { identity: identity(), implicitPort: 0 } }));

  it('threat 6: a browser is sent away at its first line, over TLS as well', async () => {
    const plain = await served().line();
    plain.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await plain.reply()).code).toBe(421);
    await plain.closed();
    const line = await ControlLine.toTls(served().implicitPort ?? 0);
    line.send('POST / HTTP/1.1\r\n\r\nUSER steve\r\n');
    expect((await line.reply()).code).toBe(421);
    await line.closed();
  });

  it('threat 6: who asks for another protocol by ALPN gets an alert, who asks for ftp or nothing is served', async () => {
    const port = served().implicitPort ?? 0;
    const offers = (ALPNProtocols: string[]) => attempt({ port, ALPNProtocols });
    expect(await offers(['h2'])).toBe('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
    expect(await offers(['http/1.1', 'h2'])).toBe('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
    expect(await offers(['ftp'])).toBe('secure, ftp');
    expect(await offers(['h2', 'ftp'])).toBe('secure, ftp');
    expect(await attempt({ port })).toBe('secure, false');
  });

  it('threat 9: TLS before 1.2 is refused', async () => {
    const port = served().implicitPort ?? 0;
    const old = { port, minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    for (const maxVersion of ['TLSv1', 'TLSv1.1'] as const) {
      expect(await attempt({ ...old, maxVersion })).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    }
    expect(await attempt({ port, maxVersion: 'TLSv1.2' })).toBe('secure, false');
  });

  it('threat 9: a second handshake within the connection is refused', async () => {
    const line = await served().line();
    const socket = await line.startTls({ maxVersion: 'TLSv1.2' });
    const again = new Promise<Error | null>((resolve) => {
      socket.on('error', resolve).on('close', () => resolve(new Error('closed')));
      socket.renegotiate({ rejectUnauthorized: false }, resolve);
    });
    expect(await again).toBeInstanceOf(Error);
    expect(await (await served().session()).code('NOOP')).toBe(200);
  });

  it('threat 4: resets within handshakes and half of a handshake hurt nobody', async () => {
    const { port, implicitPort = 0 } = served();
    for (let round = 0; round < 100; round += 1) {
      const socket = await connected(implicitPort);
      if (round % 2) socket.write(Buffer.from('160301020001000', 'hex'));
      socket.resetAndDestroy();
      const line = await ControlLine.to(port);
      await line.ask('AUTH TLS');
      if (round % 2) line.send(Buffer.from('16030102000100', 'hex'));
      line.socket.resetAndDestroy();
    }
    expect(await (await served().session()).code('NOOP')).toBe(200);
  });

  /** How a handshake ends. */
  function attempt(options: ConnectionOptions): Promise<string> {
    const socket = connectTls({ host: '127.0.0.1', rejectUnauthorized: false, ...options });
    return new Promise((resolve) => {
      // With TLS 1.3 the refusal comes behind the client's own end of the handshake; the greeting does not come at all.
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      socket.on('data', () => {
        resolve(`secure, ${socket.alpnProtocol}`);
        socket.destroy();
      });
    });
  }
});

describe('A server that wants TLS', () => {
  const served = servedFolder(() => ({ tls: { identity: identity(), requireTls: true } }));

  it('threat 7: takes no login in plain text', async () => {
    const line = await served().line();
    expect(await line.code('USER steve')).toBe(534);
    expect(await line.code('PASS secret')).toBe(503);
    expect(await line.code('NLST')).toBe(530);
  });

  it('threat 7: moves nothing over a data connection in plain text', async () => {
    writeFileSync(join(served().home, 'a'), 'secret');
    const line = await served().line();
    await line.startTls();
    await line.logIn();
    await line.ask('EPSV');
    for (const command of ['RETR a', 'STOR b', 'APPE a', 'LIST', 'NLST', 'MLSD']) {
      expect(await line.code(command)).toBe(521);
    }
    await line.ask('PBSZ 0');
    expect(await line.code('PROT C')).toBe(534);
    expect(await line.code('PROT P')).toBe(200);
    const data = await line.dataConnection();
    expect(await line.code('RETR a')).toBe(150);
    const secure = await secureData(data, await line.tlsSession());
    secure.resume();
    expect((await line.reply()).code).toBe(226);
  });
});

describe('A server that wants data connections to take up the session of their control connection', () => {
  const served = servedFolder(() => ({ tls: { identity: identity(), requireSessionReuse: true } }));

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`threat 8: refuses one of a fresh session, by ${maxVersion}`, async () => {
      const line = await protectedSession(maxVersion);
      expect(await outcome(line, undefined, maxVersion)).toBe(522);
      expect(await line.code('NOOP')).toBe(200);
    });

    it(`threat 8: refuses one of the session of another client, by ${maxVersion}`, async () => {
      const other = await protectedSession(maxVersion);
      expect(await outcome(await protectedSession(maxVersion), await other.tlsSession(), maxVersion)).toBe(522);
    });

    it(`threat 8: takes those of its own session, one after the other, by ${maxVersion}`, async () => {
      const line = await protectedSession(maxVersion);
      for (let round = 0; round < 3; round += 1) {
        expect(await outcome(line, await line.tlsSession(), maxVersion)).toBe(226);
      }
      expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('content');
    });
  }

  type Version = 'TLSv1.2' | 'TLSv1.3';

  async function protectedSession(maxVersion: Version): Promise<ControlLine> {
    const line = await served().line();
    await line.startTls({ maxVersion });
    await line.logIn();
    await line.ask('PBSZ 0');
    await line.ask('PROT P');
    return line;
  }

  async function outcome(line: ControlLine, session: Buffer | undefined, maxVersion: Version): Promise<number> {
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    // With TLS 1.2 a client that is refused does not even see the end of the handshake.
    const secure = await secureData(data, session, { maxVersion }).catch(() => undefined);
    secure?.end('content');
    return (await line.reply()).code;
  }
});
