import { linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseExtendedPassive } from '../../lib/ftp/address.ts';
import { parseList, parseMlsd } from '../../lib/ftp/listing.ts';
import { ControlLine } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { serverApart } from '../support/server-apart.ts';

describe('threat 14: a name with CR, LF or NUL', () => {
  const served = servedFolder();

  for (const name of ['a\0b', 'a\rb', '\0', 'a\r\0b', 'a/\0']) {
    for (const verb of ['MKD', 'STOR', 'RETR', 'CWD', 'DELE', 'RNFR', 'MLST', 'SIZE', 'HASH', 'XMD5', 'RMDA', 'LIST']) {
      it(`is answered 553 by ${verb}: ${JSON.stringify(name)}`, async () => {
        writeFileSync(join(served().home, 'a'), 'x');
        const line = await served().session();
        await line.dataConnection();
        expect(await line.code(`${verb} ${name}`)).toBe(553);
        expect(readdirSync(served().home)).toEqual(['a']);
      });
    }
  }

  it('is no second command, whichever command it came with', async () => {
    const line = await served().session();
    for (const command of [
      'MFMT 20260102030405 a\rDELE a',
      'SITE CHMOD 644 a\rDELE a',
      'MFF unix.mode=644; a\rDELE a',
    ]) {
      expect(await line.code(command)).toBe(553);
    }
    await line.ask('MKD b');
    await line.ask('RNFR b');
    expect(await line.code('RNTO c\rDELE b')).toBe(553);
    expect(readdirSync(served().home)).toEqual(['b']);
  });
});

describe('threat 15: a name on the disk that looks like a reply', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);

  it('is told in no listing and in no reply', async () => {
    mkdirSync(at('folder'));
    for (const name of ['a\n226 x', 'b\r\n250 y', 'c\r', '\n']) {
      mkdirSync(at(`folder/${name}`));
      writeFileSync(at(name), '');
    }
    writeFileSync(at('folder/good'), 'four');
    const line = await served().session();
    for (const command of ['LIST folder', 'MLSD folder', 'NLST folder']) {
      expect((await line.download(command)).toString()).toMatch(/^[^\r\n]*good\r\n$/);
    }
    expect((await line.ask('STAT folder')).lines.length).toBe(3);
    expect(await line.code('CWD folder')).toBe(250);
    for (const command of ['CWD c\r', 'MLST c\r', 'RMD c\r']) expect(await line.code(command)).toBe(553);
    expect((await line.ask('PWD')).lines).toEqual(['"/folder" is the current folder']);
    expect(await line.code('NOOP')).toBe(200);
  });

  it('with quotes, digits and blanks is told as one line', async () => {
    const name = '226 "x" 250-y';
    mkdirSync(at(name));
    const line = await served().session();
    expect(await line.code(`CWD ${name}`)).toBe(250);
    expect((await line.ask('PWD')).lines).toEqual(['"/226 ""x"" 250-y" is the current folder']);
    expect((await line.ask('MLST')).lines.length).toBe(3);
    expect((await line.ask('STAT')).lines).toContain(` Current folder /${name}`);
  });
});

describe('threat 37: the encodings of names', () => {
  const served = servedFolder();

  it('bytes on the disk that are not UTF-8 are not listed, and harm nothing', async () => {
    for (const bytes of [[0xff, 0xfe], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
      mkdirSync(Buffer.concat([Buffer.from(join(served().home, 'bad-')), Buffer.from(bytes)]));
    }
    mkdirSync(join(served().home, 'good'));
    const line = await served().session();
    expect((await line.download('NLST')).toString()).toBe('good\r\n');
    expect(parseList((await line.download('LIST')).toString()).entries.map(({ name }) => name)).toEqual(['good']);
    expect(parseMlsd((await line.download('MLSD')).toString()).entries.map(({ name }) => name)).toEqual(['good']);
    expect((await line.ask('STAT /')).lines.length).toBe(3);
    expect(await line.code('DSIZ')).toBe(213);
  });

  it('composed and decomposed letters are two names, each kept as it was sent', async () => {
    const line = await served().session();
    for (const name of ['\u00e9', 'e\u0301', '\u{1f41a}', '\u{10ffff}', '\ufeff', '\u202e']) {
      await line.upload(`STOR ${name}`, name);
      expect((await line.download(`RETR ${name}`)).toString()).toBe(name);
    }
    expect(readdirSync(served().home).length).toBe(6);
  });
});

const SOME = 20_000;
const MANY = 200_000;
// Of one file ext4 takes 65,000.
const NAMES_OF_ONE = 50_000;

describe('threat 35: a folder with very many entries', () => {
  const apart = serverApart();

  it('is listed in pieces, with flat memory, and ABOR ends it', async () => {
    const { port, home, settle, grownBytes } = await apart();
    for (const [folder, size] of Object.entries({ some: SOME, many: MANY })) {
      mkdirSync(join(home, folder));
      const nameOf = (count: number) => join(home, folder, `${'n'.repeat(200)}${count}`);
      for (let count = 0; count < size; count += 1) {
        const first = count - (count % NAMES_OF_ONE);
        if (count === first) writeFileSync(nameOf(first), '');
        else linkSync(nameOf(first), nameOf(count));
      }
    }
    const line = await ControlLine.to(port);
    await line.logIn('someone', 'a secret');
    await line.download('MLSD some');
    settle();
    // Slowly, so that a server that holds the listing in memory has to hold all of it.
    const port2 = parseExtendedPassive((await line.ask('EPSV')).lines[0] ?? '');
    const data = connect(port2, '127.0.0.1');
    data.pause();
    expect(await line.code('MLSD many')).toBe(150);
    const other = await ControlLine.to(port);
    for (let count = 0; count < 50; count += 1) await other.code('NOOP');
    let lines = 0;
    for await (const chunk of data) lines += (chunk as Buffer).toString('latin1').split('\n').length - 1;
    expect((await line.reply()).code).toBe(226);
    expect(lines).toBe(MANY);
    expect(grownBytes()).toBeLessThan(50 * 2 ** 20);
    (await line.dataConnection()).pause();
    line.send('LIST many\r\nABOR\r\n');
    expect(await line.codes(3)).toEqual([150, 426, 226]);
    other.close();
    line.close();
  });

  it('is not listed with what is below it: -R is a word like others', async () => {
    const { port, home } = await apart();
    mkdirSync(join(home, 'a/b'), { recursive: true });
    const line = await ControlLine.to(port);
    await line.logIn('someone', 'a secret');
    for (const command of ['LIST -R', 'NLST -R', 'LIST -laR']) {
      expect((await line.download(command)).toString()).not.toContain('b\r\n');
    }
    line.close();
  });
});
