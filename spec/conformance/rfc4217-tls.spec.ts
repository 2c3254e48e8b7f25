import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { TlsIdentity } from '../../lib/server/tls-identity.ts';
import { certificate } from '../support/certificate.ts';
import { ControlLine, secureData } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

const identity = () => new TlsIdentity(certificate());

describe('RFC 4217 section 4, AUTH:', () => {
  const served = servedFolder(() => ({ tls: { identity: identity() } }));

  for (const mechanism of ['TLS', 'TLS-C', 'TLS-P', 'SSL', 'tls']) {
    it(`${mechanism} is answered 234, and all that follows is protected`, async () => {
      const line = await served().line();
      expect(await line.code(`AUTH ${mechanism}`)).toBe(234);
      const socket = await line.handshake();
      expect(socket.getProtocol()).toBe('TLSv1.3');
      await line.logIn();
      expect(await line.code('PWD')).toBe(257);
    });
  }

  it('another mechanism is answered 504', async () => {
    expect(await (await served().line()).code('AUTH KERBEROS_V4')).toBe(504);
  });

  it('a second one is answered 503', async () => {
    const line = await served().line();
    await line.startTls();
    expect(await line.code('AUTH TLS')).toBe(503);
  });

  it('is told by FEAT, with PBSZ and PROT', async () => {
    const { lines } = await (await served().line()).ask('FEAT');
    expect(lines).toEqual(jasmine.arrayContaining([' AUTH TLS', ' PBSZ', ' PROT']));
  });

  it('forgets who is logged in, and all that was set', async () => {
    const line = await served().session();
    await line.ask('MKD a');
    await line.ask('CWD a');
    await line.startTls();
    expect(await line.code('PWD')).toBe(530);
    await line.logIn();
    expect((await line.ask('PWD')).lines[0]).toContain('"/"');
  });
});

describe('A server without a certificate', () => {
  const served = servedFolder();

  it('answers AUTH TLS with 431, PBSZ and PROT with 503, and tells none of them by FEAT', async () => {
    const line = await served().line();
    expect([await line.code('AUTH TLS'), await line.code('PBSZ 0'), await line.code('PROT P')]).toEqual([
      431, 503, 503,
    ]);
    expect((await line.ask('FEAT')).lines.join()).not.toMatch(/AUTH|PBSZ|PROT/);
  });
});

describe('RFC 4217 section 8, PBSZ:', () => {
  const served = servedFolder(() => ({ tls: { identity: identity() } }));

  it('is refused before AUTH, and answered PBSZ=0 behind it, whatever is asked for', async () => {
    const line = await served().line();
    expect(await line.code('PBSZ 0')).toBe(503);
    await line.startTls();
    expect((await line.ask('PBSZ 0')).lines).toEqual(['PBSZ=0']);
    expect((await line.ask('PBSZ 16384')).lines).toEqual(['PBSZ=0']);
    expect(await line.code('PBSZ x')).toBe(501);
  });
});

describe('RFC 4217 section 9, PROT:', () => {
  const served = servedFolder(() => ({ tls: { identity: identity() }, limits: { stallMs: 10_000 } }));

  it('is refused before PBSZ', async () => {
    const line = await served().line();
    await line.startTls();
    expect(await line.code('PROT P')).toBe(503);
  });

  it('knows the levels C and P; S and E are answered 536, others 504', async () => {
    const line = await served().line();
    await line.startTls();
    await line.ask('PBSZ 0');
    const codes = [];
    for (const level of ['P', 'C', 'p', 'S', 'E', 'X']) codes.push(await line.code(`PROT ${level}`));
    expect(codes).toEqual([200, 200, 200, 536, 536, 504]);
  });

  for (const mechanism of ['SSL', 'TLS-P']) {
    it(`is P from the beginning behind AUTH ${mechanism}, whose clients do not say so, until another is sent`, async () => {
      writeFileSync(join(served().home, 'a'), 'secret');
      const line = await served().line();
      expect(await line.code(`AUTH ${mechanism}`)).toBe(234);
      await line.handshake();
      await line.logIn();
      const data = await line.dataConnection();
      expect(await line.code('RETR a')).toBe(150);
      expect(await textOf(await secureData(data, await line.tlsSession()))).toBe('secret');
      expect((await line.reply()).code).toBe(226);
      expect([await line.code('PBSZ 0'), await line.code('PROT C')]).toEqual([200, 200]);
      expect((await line.download('RETR a')).toString()).toBe('secret');
    });
  }

  it('is C until it is sent: data connections are in plain text', async () => {
    const line = await served().line();
    await line.startTls();
    await line.logIn();
    await line.upload('STOR a', 'plain');
    expect((await line.download('RETR a')).toString()).toBe('plain');
  });

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`P protects what goes in both directions, by ${maxVersion}, in the session of the control connection`, async () => {
      const line = await secureSession({ maxVersion });
      const session = await line.tlsSession();
      const [sending] = await opened(line, 'STOR a', session, maxVersion);
      expect(sending.isSessionReused()).toBeTrue();
      sending.end('secret');
      expect((await line.reply()).code).toBe(226);
      expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('secret');
      const [receiving] = await opened(line, 'RETR a', session, maxVersion);
      expect(await textOf(receiving)).toBe('secret');
      expect((await line.reply()).code).toBe(226);
    });
  }

  it('P stays behind a second USER', async () => {
    const line = await secureSession();
    await line.logIn();
    const [data] = await opened(line, 'LIST', undefined);
    expect(await textOf(data)).toBe('');
    expect((await line.reply()).code).toBe(226);
  });

  it('P and a listing without an entry, and an empty file, end well', async () => {
    writeFileSync(join(served().home, 'empty'), '');
    const line = await secureSession();
    for (const command of ['RETR empty', 'NLST']) {
      const [data] = await opened(line, command, await line.tlsSession());
      expect(await textOf(data)).toBe(command === 'NLST' ? 'empty\r\n' : '');
      expect((await line.reply()).code).toBe(226);
    }
  });

  it('P and a client that speaks no TLS on the data connection are answered 522', async () => {
    writeFileSync(join(served().home, 'a'), 'secret');
    const line = await secureSession();
    const data = await line.dataConnection();
    expect(await line.code('RETR a')).toBe(150);
    const got = textOf(data);
    data.write('no TLS at all, but long enough to be taken for the beginning of it');
    expect((await line.reply()).code).toBe(522);
    expect(await got).not.toContain('secret');
    expect(await line.code('NOOP')).toBe(200);
  });

  for (const begun of ['', '160301020001']) {
    it(`P and a client that closes its half in the midst of the handshake are answered 522: ${begun}`, async () => {
      const line = await secureSession();
      const failed = once(served().server.events, 'tlsFailed');
      const data = await line.dataConnection();
      expect(await line.code('STOR a')).toBe(150);
      data.end(Buffer.from(begun, 'hex'));
      expect((await line.reply()).code).toBe(522);
      expect(await failed).toEqual([jasmine.objectContaining({ reason: 'The client has closed the connection' })]);
      expect(existsSync(join(served().home, 'a'))).toBeFalse();
    });
  }

  it('P and an ABOR in the midst of the handshake end the transfer with 426 and 226', async () => {
    const line = await served().line();
    await line.startTls();
    await line.logIn();
    expect([await line.code('PBSZ 0'), await line.code('PROT P')]).toEqual([200, 200]);
    for (const command of ['STOR a', 'MLSD']) {
      const data = await line.dataConnection();
      expect(await line.code(command)).toBe(150);
      // The header of a record that does not come.
      data.write(Buffer.of(0x16, 3, 1, 2, 0));
      line.send('ABOR\r\n');
      expect(await line.codes(2)).toEqual([426, 226]);
      await new Promise((resolve) => data.resume().once('close', resolve));
    }
  });

  it('P and STOR whose connection is reset is never answered 226, whatever has come', async () => {
    const line = await served().line();
    await line.startTls();
    await line.logIn();
    expect([await line.code('PBSZ 0'), await line.code('PROT P')]).toEqual([200, 200]);
    const other = await served().session();
    for (let turn = 0; turn < 5; turn += 1) {
      const plain = await line.dataConnection();
      expect(await line.code(`STOR ${turn}`)).toBe(150);
      const data = await secureData(plain);
      data.write('begin');
      while ((await other.ask(`SIZE ${turn}`)).lines[0] !== '5');
      data.write(Buffer.alloc(50_000), () => plain.resetAndDestroy());
      expect((await line.reply()).code).toBe(426);
    }
  });

  it('P carries a file of some megabytes both ways', async () => {
    const content = Buffer.alloc(5_000_000, 'content ');
    const line = await secureSession();
    const [sending] = await opened(line, 'STOR a', await line.tlsSession());
    sending.end(content);
    expect((await line.reply()).code).toBe(226);
    const [receiving] = await opened(line, 'RETR a', await line.tlsSession());
    expect(await textOf(receiving)).toBe(content.toString());
    expect((await line.reply()).code).toBe(226);
  });

  async function secureSession(options: Parameters<ControlLine['startTls']>[0] = {}): Promise<ControlLine> {
    const line = await served().line();
    await line.startTls(options);
    await line.logIn();
    await line.ask('PBSZ 0');
    await line.ask('PROT P');
    return line;
  }

  async function opened(
    line: ControlLine,
    command: string,
    session: Buffer | undefined,
    maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3',
  ) {
    const data = await line.dataConnection();
    expect(await line.code(command)).toBe(150);
    return [await secureData(data, session, { maxVersion })] as const;
  }
});

describe('RFC 4217 section 6, CCC:', () => {
  const served = servedFolder(() => ({ tls: { identity: identity() } }));

  it('is refused by 533: the control connection stays protected', async () => {
    const line = await served().line();
    expect(await line.code('CCC')).toBe(533);
    await line.startTls();
    await line.logIn();
    expect(await line.code('CCC')).toBe(533);
    expect(await line.code('PWD')).toBe(257);
  });
});

describe('RFC 4217 section 11, REIN:', () => {
  const served = servedFolder(() => ({ tls: { identity: identity(), implicitPort: 0 } }));

  it('is refused by 533 over TLS, since it would end the protection, and nothing has changed', async () => {
    const line = await served().line();
    await line.startTls();
    await line.logIn();
    expect([await line.code('REIN'), await line.code('PWD')]).toEqual([533, 257]);
  });
});

describe('Implicit TLS', () => {
  const served = servedFolder(() => ({ tls: { identity: identity(), implicitPort: 0 } }));

  it('begins with the first byte and protects data connections without a word', async () => {
    const { implicitPort = 0 } = served();
    const line = await ControlLine.toTls(implicitPort);
    await line.logIn();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    (await secureData(data, await line.tlsSession())).end('secret');
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('secret');
    line.close();
  });

  it('leaves the other port as it is', async () => {
    await (await served().session()).upload('STOR a', 'plain');
  });

  it('greets nobody who speaks no TLS', async () => {
    await expectAsync(ControlLine.to(served().implicitPort ?? 0).then(() => undefined)).toBePending();
  });
});

describe('A certificate that is replaced while the server runs', () => {
  let own: TlsIdentity;
  const served = servedFolder(() => {
    own = identity();
    return { tls: { identity: own } };
  });

  it('is shown from the next connection on; sessions keep the one they began with', async () => {
    const before = await served().line();
    const old = (await before.startTls()).getPeerX509Certificate()?.fingerprint256;
    own.replace(certificate(1));
    const line = await served().line();
    expect((await line.startTls()).getPeerX509Certificate()?.fingerprint256).not.toBe(old);
    await before.logIn();
    await before.ask('PBSZ 0');
    await before.ask('PROT P');
    const data = await before.dataConnection();
    await before.ask('NLST');
    const secure = await secureData(data, await before.tlsSession());
    expect(secure.isSessionReused()).toBeTrue();
    expect(await textOf(secure)).toBe('');
    expect((await before.reply()).code).toBe(226);
  });

  it('is left as it is when the new one and its key do not belong together', async () => {
    const wrong = { certificate: certificate(0).certificate, key: certificate(1).key };
    expect(() => own.replace(wrong)).toThrowMatching((error) => error.code === 'E_CERTIFICATE');
    expect(() => own.replace({ certificate: 'no', key: 'no' })).toThrowMatching(
      (error) => error.code === 'E_CERTIFICATE',
    );
    await (await served().line()).startTls();
  });
});

async function textOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined);
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
