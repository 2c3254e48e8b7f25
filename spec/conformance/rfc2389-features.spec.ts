import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 2389, FEAT and OPTS:', () => {
  const served = servedFolder();

  it('FEAT tells one feature a line, each behind one blank, before the login too', async () => {
    const { code, lines } = await (await served().line()).ask('FEAT');
    expect(code).toBe(211);
    expect(lines.slice(1, -1)).toEqual([
      ' AVBL',
      ' CLNT',
      ' DSIZ',
      ' EPRT',
      ' EPSV',
      ' HASH SHA-256*;SHA-512;SHA-1;MD5;CRC32;',
      ' HOST',
      ' LANG EN*',
      ' MD5',
      ' MDTM',
      ' MFF modify;unix.mode;',
      ' MFMT',
      ' MLST type*;size*;modify*;perm*;unique*;unix.mode;unix.uid;unix.gid;',
      ' RANG STREAM',
      ' REST STREAM',
      ' RMDA',
      ' SITE CHMOD',
      ' SITE EXPECT',
      ' SITE IDLE',
      ' SITE QUOTA',
      ' SITE RMDA',
      ' SITE UTIME',
      ' SITE WHOAMI',
      ' SIZE',
      ' TVFS',
      ' UTF8',
      ' XCRC',
      ' XMD5',
      ' XSHA',
      ' XSHA1',
      ' XSHA256',
      ' XSHA512',
    ]);
  });

  const answers: readonly (readonly [string, number])[] = [
    ['OPTS UTF8 ON', 200],
    ['opts utf8 on', 200],
    ['OPTS UTF8 OFF', 501],
    ['OPTS XYZZY', 501],
    ['OPTS HASH', 200],
    ['OPTS HASH md5', 200],
    ['OPTS HASH CRC-37', 501],
    ['OPTS HASH MD5 SHA-1', 501],
    ['OPTS UTF8 ON OFF', 501],
  ];
  for (const [command, code] of answers) {
    it(`${command} is answered ${code}, before the login too`, async () => {
      expect(await (await served().line()).code(command)).toBe(code);
    });
  }

  it('OPTS MLST chooses the facts (RFC 3659 section 7.9), and FEAT marks them', async () => {
    const line = await served().session();
    expect((await line.ask('OPTS MLST Size;type;unix.owner;')).lines).toEqual(['MLST OPTS type;size;']);
    expect((await line.ask('FEAT')).lines).toContain(
      ' MLST type*;size*;modify;perm;unique;unix.mode;unix.uid;unix.gid;',
    );
    await line.upload('STOR a', 'x');
    expect((await line.download('MLSD')).toString()).toBe('type=file;size=1; a\r\n');
  });

  it('OPTS MLST without facts leaves the names', async () => {
    const line = await served().session();
    expect((await line.ask('OPTS MLST')).lines).toEqual(['MLST OPTS']);
    await line.upload('STOR a', 'x');
    expect((await line.download('MLSD')).toString()).toBe(' a\r\n');
    expect((await line.ask('OPTS MLST fish;cakes;')).lines).toEqual(['MLST OPTS']);
  });

  it('OPTS MLST with a blank among the facts is answered 501, and they stay as they were (RFC 3659 section 7.9.2)', async () => {
    const line = await served().session();
    await line.ask('OPTS MLST size;');
    expect(await line.code('OPTS MLST unique type;')).toBe(501);
    await line.upload('STOR a', 'x');
    expect((await line.download('MLSD')).toString()).toBe('size=1; a\r\n');
  });
});

describe('RFC 2640 section 4, LANG:', () => {
  const served = servedFolder();

  for (const command of ['LANG', 'LANG en', 'LANG EN-us']) {
    it(`${command} is answered 200`, async () => {
      expect(await (await served().line()).code(command)).toBe(200);
    });
  }

  it('another language is answered 504', async () => {
    expect(await (await served().line()).code('LANG fr')).toBe(504);
  });
});

describe('RFC 2640 section 3, names in UTF-8:', () => {
  const served = servedFolder();

  for (const name of [
    'größe',
    '日本',
    '🐚',
    'e\u0301',
    '\u00e9',
    ' leading',
    'trailing ',
    'a;b=c',
    '"quoted"',
    '-a',
    '~',
    '%0A',
    "it's",
  ]) {
    it(`${JSON.stringify(name)} comes back as it was sent`, async () => {
      const line = await served().session();
      await line.upload(`STOR ${name}`, name);
      expect((await line.download(`RETR ${name}`)).toString()).toBe(name);
      expect((await line.download('NLST')).toString()).toBe(`${name}\r\n`);
      expect(await line.code(`DELE ${name}`)).toBe(250);
    });
  }

  it('bytes that are not UTF-8 are answered 501', async () => {
    const line = await served().session();
    line.send(Buffer.from('MKD gr\xf6\xdfe\r\n', 'latin1'));
    expect((await line.reply()).code).toBe(501);
  });

  it('a name on the disk that is not UTF-8 is not listed, and harms nothing', async () => {
    const line = await served().session();
    mkdirSync(Buffer.concat([Buffer.from(join(served().home, 'bad-')), Buffer.of(0xff, 0xfe)]));
    mkdirSync(join(served().home, 'good'));
    expect((await line.download('NLST')).toString()).toBe('good\r\n');
  });
});
