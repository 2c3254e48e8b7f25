import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 959 section 4.1.3, service commands that name, make and remove:', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);

  for (const verb of ['MKD', 'XMKD']) {
    it(`${verb} makes a folder and tells its whole path, quotes doubled`, async () => {
      const line = await served().session();
      const { code, lines } = await line.ask(`${verb} a "b"`);
      expect([code, ...lines]).toEqual([257, '"/a ""b""" made']);
      expect(statSync(at('a "b"')).isDirectory()).toBeTrue();
    });
  }

  it('MKD and STOR make what others may read and nobody else may change', async () => {
    const line = await served().session();
    await line.ask('MKD folder');
    await line.upload('STOR file', '');
    const modes = ['folder', 'file'].map((name) => statSync(at(name)).mode & 0o777);
    expect(modes).toEqual([0o755 & ~process.umask(), 0o644 & ~process.umask()]);
  });

  it('MKD of what is there already is answered 550', async () => {
    const line = await served().session();
    await line.ask('MKD a');
    expect(await line.code('MKD a')).toBe(550);
    expect(await line.code('MKD /')).toBe(550);
  });

  it('MKD within a folder that is missing is answered 550', async () => {
    expect(await (await served().session()).code('MKD a/b')).toBe(550);
  });

  for (const verb of ['PWD', 'XPWD']) {
    it(`${verb} tells the current folder, quotes doubled`, async () => {
      const line = await served().session();
      await line.ask('MKD a "b"');
      await line.ask('CWD a "b"');
      const { code, lines } = await line.ask(verb);
      expect([code, ...lines]).toEqual([257, '"/a ""b""" is the current folder']);
    });
  }

  for (const verb of ['RMD', 'XRMD']) {
    it(`${verb} removes empty folders only`, async () => {
      const line = await served().session();
      mkdirSync(at('a/b'), { recursive: true });
      writeFileSync(at('file'), '');
      expect(await line.code(`${verb} a`)).toBe(550);
      expect(await line.code(`${verb} a/b`)).toBe(250);
      expect(await line.code(`${verb} a/b`)).toBe(550);
      expect(await line.code(`${verb} file`)).toBe(550);
      expect(existsSync(at('a/b'))).toBeFalse();
    });
  }

  it('DELE removes files only', async () => {
    const line = await served().session();
    mkdirSync(at('folder'));
    writeFileSync(at('file'), '');
    expect(await line.code('DELE folder')).toBe(550);
    expect(await line.code('DELE file')).toBe(250);
    expect(await line.code('DELE file')).toBe(550);
    expect(existsSync(at('file'))).toBeFalse();
  });

  it('DELE of a link removes the link and not its target', async () => {
    const line = await served().session();
    writeFileSync(at('file'), 'x');
    symlinkSync(at('file'), at('link'));
    expect(await line.code('DELE link')).toBe(250);
    expect(readFileSync(at('file'), 'utf8')).toBe('x');
  });

  it('RNFR and RNTO rename, in place of a file of that name', async () => {
    const line = await served().session();
    writeFileSync(at('old'), 'new content');
    writeFileSync(at('name'), 'old content');
    expect([await line.code('RNFR old'), await line.code('RNTO name')]).toEqual([350, 250]);
    expect(readFileSync(at('name'), 'utf8')).toBe('new content');
    expect(existsSync(at('old'))).toBeFalse();
  });

  it('RNTO moves a folder with all that is in it', async () => {
    const line = await served().session();
    mkdirSync(at('a/b'), { recursive: true });
    mkdirSync(at('c'));
    expect([await line.code('RNFR a'), await line.code('RNTO c/d')]).toEqual([350, 250]);
    expect(existsSync(at('c/d/b'))).toBeTrue();
  });

  it('RNTO of a folder into itself is answered 553', async () => {
    const line = await served().session();
    await line.ask('MKD a');
    expect([await line.code('RNFR a'), await line.code('RNTO a/b')]).toEqual([350, 553]);
  });

  it('RNFR of what is missing is answered 550, and RNTO behind it 503', async () => {
    const line = await served().session();
    expect([await line.code('RNFR a'), await line.code('RNTO b')]).toEqual([550, 503]);
  });

  it('RNTO must come right behind RNFR', async () => {
    const line = await served().session();
    writeFileSync(at('a'), '');
    expect([await line.code('RNFR a'), await line.code('NOOP'), await line.code('RNTO b')]).toEqual([350, 200, 503]);
    expect([await line.code('RNFR a'), await line.code('RNTO b'), await line.code('RNTO c')]).toEqual([350, 250, 503]);
    expect(await line.code('RNFR b')).toBe(350);
    line.send(Buffer.from('RNTO gr\xf6\xdfe\r\n', 'latin1'));
    expect((await line.reply()).code).toBe(501);
    expect(await line.code('RNTO c')).toBe(503);
  });

  for (const command of ['RMD /', 'DELE /', 'RMD ..', 'DELE ../..']) {
    it(`${command} leaves the root alone`, async () => {
      expect(await (await served().session()).code(command)).toBe(550);
    });
  }

  it('RNFR of the root comes to nothing', async () => {
    const line = await served().session();
    await line.ask('RNFR /');
    expect(await line.code('RNTO a')).toBe(550);
  });

  for (const verb of [
    'CWD',
    'MKD',
    'RMD',
    'DELE',
    'RNFR',
    'RNTO',
    'STOR',
    'RETR',
    'SIZE',
    'MDTM',
    'MFMT',
    'REST',
    'OPTS',
  ]) {
    it(`${verb} without an argument is answered 501`, async () => {
      const line = await served().session();
      expect(await line.code(verb)).toBe(501);
      expect(await line.code(`${verb} `)).toBe(501);
    });
  }

  it('a name of 300 bytes is answered 553', async () => {
    const line = await served().session();
    expect(await line.code(`MKD ${'a'.repeat(300)}`)).toBe(553);
    expect(await line.code(`STOR ${'a'.repeat(300)}`)).toBe(553);
  });
});
