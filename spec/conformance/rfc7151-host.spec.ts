import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 7151 section 3, HOST:', () => {
  const served = servedFolder();

  for (const name of ['ftp.example.com', 'localhost', '127.0.0.1', '[::1]', 'FTP.EXAMPLE.COM.']) {
    it(`${name} is answered 220 before USER`, async () => {
      expect(await (await served().line()).code(`HOST ${name}`)).toBe(220);
    });
  }

  for (const name of ['', 'two words', '[127.0.0.1]', 'a/b', 'a'.repeat(256)]) {
    it(`${JSON.stringify(name.slice(0, 12))} is answered 501`, async () => {
      expect(await (await served().line()).code(`HOST ${name}`)).toBe(501);
    });
  }

  it('has no place behind USER', async () => {
    const line = await served().line();
    await line.ask('USER steve');
    expect(await line.code('HOST localhost')).toBe(503);
    await line.ask('PASS secret');
    expect(await line.code('HOST localhost')).toBe(503);
    await line.ask('REIN');
    expect(await line.code('HOST localhost')).toBe(220);
  });
});
