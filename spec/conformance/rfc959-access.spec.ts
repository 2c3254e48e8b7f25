import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 959 section 4.1.1, access control commands:', () => {
  const served = servedFolder();

  it('USER is answered 331 for every name', async () => {
    const line = await served().line();
    expect((await line.ask('USER steve')).lines).toEqual((await line.ask('USER nobody at all')).lines);
    expect(await line.code('USER x')).toBe(331);
  });

  it('PASS is answered 230 for the right password and 530 for a wrong one', async () => {
    const line = await served().line();
    await line.ask('USER steve');
    expect(await line.code('PASS wrong')).toBe(530);
    await line.ask('USER steve');
    expect(await line.code('PASS secret')).toBe(230);
  });

  it('PASS without USER is answered 503', async () => {
    expect(await (await served().line()).code('PASS secret')).toBe(503);
  });

  it('the third wrong password ends the connection with 421', async () => {
    const line = await served().line();
    for (const expected of [530, 530, 421]) {
      await line.ask('USER steve');
      expect(await line.code('PASS ')).toBe(expected);
    }
    await line.closed();
  });

  it('a home folder that is not there is answered 530', async () => {
    rmSync(served().home, { recursive: true });
    const line = await served().line();
    await line.ask('USER steve');
    expect(await line.code('PASS secret')).toBe(530);
  });

  it('a home folder that is a file is answered 530', async () => {
    rmSync(served().home, { recursive: true });
    writeFileSync(served().home, '');
    const line = await served().line();
    await line.ask('USER steve');
    expect(await line.code('PASS secret')).toBe(530);
  });

  it('a second USER logs out and forgets the current folder', async () => {
    const line = await served().session();
    await line.ask('MKD a');
    await line.ask('CWD a');
    expect(await line.code('USER steve')).toBe(331);
    expect(await line.code('PWD')).toBe(530);
    await line.logIn();
    expect((await line.ask('PWD')).lines).toEqual(['"/" is the current folder']);
  });

  it('USER leaves the transfer parameters as they are: a TYPE I that was sent before the login holds', async () => {
    writeFileSync(join(served().home, 'a'), 'a\nb\n');
    const line = await served().line();
    expect(await line.code('TYPE I')).toBe(200);
    for (let login = 0; login < 2; login += 1) {
      expect([await line.code('USER steve'), await line.code('PASS secret')]).toEqual([331, 230]);
      expect((await line.download('RETR a')).toString()).toBe('a\nb\n');
    }
  });

  for (const verb of ['CWD', 'XCWD']) {
    it(`${verb} changes to folders only`, async () => {
      const line = await served().session();
      mkdirSync(join(served().home, 'a/b'), { recursive: true });
      writeFileSync(join(served().home, 'file'), '');
      expect(await line.code(`${verb} a`)).toBe(250);
      expect(await line.code(`${verb} b`)).toBe(250);
      expect(await line.code(`${verb} missing`)).toBe(550);
      expect(await line.code(`${verb} /file`)).toBe(550);
      expect((await line.ask('PWD')).lines).toEqual(['"/a/b" is the current folder']);
    });
  }

  for (const verb of ['CDUP', 'XCUP']) {
    it(`${verb} goes up, and stays at the root`, async () => {
      const line = await served().session();
      await line.ask('MKD a');
      await line.ask('CWD a');
      expect([await line.code(verb), await line.code(verb)]).toEqual([250, 250]);
      expect((await line.ask('PWD')).lines).toEqual(['"/" is the current folder']);
    });
  }

  it('CWD walks through a link to a folder within the root', async () => {
    const line = await served().session();
    mkdirSync(join(served().home, 'a/b'), { recursive: true });
    symlinkSync(join(served().home, 'a'), join(served().home, 'link'));
    expect(await line.code('CWD link/b')).toBe(250);
  });

  it('ACCT is answered 202: it is not needed', async () => {
    expect(await (await served().session()).code('ACCT any')).toBe(202);
  });

  it('REIN is answered 220, and all is as after the greeting', async () => {
    const line = await served().session();
    for (const command of ['MKD a', 'CWD a', 'OPTS MLST type;', 'OPTS HASH MD5', 'REST 5', 'EPSV ALL'])
      await line.ask(command);
    expect(await line.code('REIN')).toBe(220);
    expect(await line.code('PWD')).toBe(530);
    expect((await line.ask('OPTS HASH')).lines).toEqual(['SHA-256']);
    await line.logIn();
    expect((await line.ask('PWD')).lines).toEqual(['"/" is the current folder']);
    expect(await line.code('PASV')).toBe(227);
  });

  for (const [verb, code] of [
    ['REIN', 220],
    ['QUIT', 221],
    ['USER', 331],
  ] as const) {
    it(`${verb} lets a running transfer end first`, async () => {
      const line = await served().session();
      const data = await line.dataConnection();
      line.send(`STOR a\r\n${verb} other\r\n`);
      expect((await line.reply()).code).toBe(150);
      data.end('content');
      expect(await line.codes(2)).toEqual([226, code]);
      expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('content');
    });
  }

  it('REIN does not forget wrong passwords', async () => {
    const line = await served().line();
    const codes: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      await line.ask('REIN');
      await line.ask('USER steve');
      codes.push(await line.code('PASS wrong'));
    }
    expect(codes).toEqual([530, 530, 421]);
  });

  it('QUIT is answered 221, and the connection closed', async () => {
    const line = await served().line();
    expect(await line.code('QUIT')).toBe(221);
    await line.closed();
  });

  for (const command of ['PWD', 'CWD /', 'STOR a', 'LIST', 'PASV', 'EPSV', 'DELE a', 'SIZE a', 'MFMT 2026 a', 'ABOR']) {
    it(`${command} is answered 530 before the login`, async () => {
      expect(await (await served().line()).code(command)).toBe(530);
    });
  }
});

describe('An account that may only read', () => {
  const served = servedFolder(() => ({}), ['read']);

  for (const command of ['STOR a', 'APPE a', 'DELE a', 'MKD b', 'RMD b', 'RNFR a', 'RNTO b', 'MFMT 20260101000000 a']) {
    it(`is answered 550 to ${command}`, async () => {
      const line = await served().session();
      writeFileSync(join(served().home, 'a'), 'x');
      expect(await line.code(command)).toBe(550);
    });
  }

  it('may list and download, and sees so in the facts', async () => {
    const line = await served().session();
    writeFileSync(join(served().home, 'a'), 'x');
    expect((await line.download('RETR a')).toString()).toBe('x');
    expect((await line.download('MLSD')).toString()).toContain(';perm=r;');
  });
});
