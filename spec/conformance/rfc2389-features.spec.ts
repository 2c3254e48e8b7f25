import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 2389, FEAT and OPTS:', () => {
  const served = servedFolder();

  it('FEAT tells one feature a line, each behind one blank, before the login too', async () => {
    const { code, lines } = await (await served().line()).ask('FEAT');
    expect(code).toBe(211);
    expect(lines.slice(1, -1)).toEqual([
      ' EPRT',
      ' EPSV',
      ' MDTM',
      ' MFMT',
      ' MLST type*;size*;modify*;perm*;unique*;',
      ' REST STREAM',
      ' SIZE',
      ' TVFS',
      ' UTF8',
    ]);
  });

  const answers: readonly (readonly [string, number])[] = [
    ['OPTS UTF8 ON', 200],
    ['opts utf8 on', 200],
    ['OPTS UTF8 OFF', 501],
    ['OPTS XYZZY', 501],
  ];
  for (const [command, code] of answers) {
    it(`${command} is answered ${code}, before the login too`, async () => {
      expect(await (await served().line()).code(command)).toBe(code);
    });
  }

  it('OPTS MLST chooses the facts (RFC 3659 section 7.9), and FEAT marks them', async () => {
    const line = await served().session();
    expect((await line.ask('OPTS MLST Size;type;unix.mode;')).lines).toEqual(['MLST OPTS type;size;']);
    expect((await line.ask('FEAT')).lines).toContain(' MLST type*;size*;modify;perm;unique;');
    await line.upload('STOR a', 'x');
    expect((await line.download('MLSD')).toString()).toBe('type=file;size=1; a\r\n');
  });

  it('OPTS MLST without facts leaves the names', async () => {
    const line = await served().session();
    expect((await line.ask('OPTS MLST')).lines).toEqual(['MLST OPTS ']);
    await line.upload('STOR a', 'x');
    expect((await line.download('MLSD')).toString()).toBe(' a\r\n');
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
