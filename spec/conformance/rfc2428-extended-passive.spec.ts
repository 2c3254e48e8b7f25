import { ControlLine } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 2428 section 3, EPSV:', () => {
  const served = servedFolder();

  for (const command of ['EPSV', 'EPSV 1', 'epsv 1']) {
    it(`${command} is answered 229 with a port`, async () => {
      const { code, lines } = await (await served().session()).ask(command);
      expect(code).toBe(229);
      expect(lines[0]).toMatch(/^Entering Extended Passive Mode \(\|\|\|[0-9]+\|\)$/);
    });
  }

  for (const command of ['EPSV 2', 'EPSV 3', 'EPSV 17']) {
    it(`${command} over IPv4 is answered 522, with the family to be used`, async () => {
      const { code, lines } = await (await served().session()).ask(command);
      expect(code).toBe(522);
      expect(lines[0]).toContain('(1)');
    });
  }

  for (const command of ['EPSV x', 'EPSV ALL 1', 'EPSV 1 2', 'EPSV -1']) {
    it(`${command} is answered 501, and commits to nothing`, async () => {
      const line = await served().session();
      expect([await line.code(command), await line.code('PASV')]).toEqual([501, 227]);
    });
  }
});

describe('RFC 2428 section 4, EPSV ALL:', () => {
  const served = servedFolder();

  it('PASV, PORT and EPRT are refused from then on, and EPSV is not', async () => {
    const line = await served().session();
    expect(await line.code('EPSV ALL')).toBe(200);
    for (const command of ['PASV', 'PORT 127,0,0,1,200,1', 'EPRT |1|127.0.0.1|51201|']) {
      expect(await line.code(command)).toBe(503);
    }
    expect(await line.code('EPSV')).toBe(229);
  });

  it('threat 40: holds behind an aborted transfer', async () => {
    const line = await served().session();
    await line.ask('EPSV ALL');
    await line.ask('EPSV');
    expect(await line.code('STOR a')).toBe(150);
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
    expect(await line.code('PASV')).toBe(503);
  });

  it('is forgotten with the login', async () => {
    const line = await served().session();
    await line.ask('EPSV ALL');
    await line.logIn();
    expect(await line.code('PASV')).toBe(227);
  });
});

describe('RFC 2428 over IPv6:', () => {
  const served = servedFolder(() => ({ address: '::1' }));

  it('EPSV is answered 229 and PASV refused', async () => {
    const line = await ControlLine.to(served().port, '::1');
    await line.logIn();
    expect([await line.code('EPSV'), await line.code('EPSV 2'), await line.code('EPSV 1')]).toEqual([229, 229, 522]);
    expect(await line.code('PASV')).toBe(425);
    await line.upload('STOR a', 'six');
    expect((await line.download('RETR a')).toString()).toBe('six');
    line.close();
  });
});
