import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { servedFolder } from '../support/ftp-server.ts';

const content = Buffer.from('0123456789'.repeat(100_000));
const md5 = (bytes: Buffer | string) => createHash('md5').update(bytes).digest('hex');

describe('draft-bryan-ftpext-hash-03,', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  beforeEach(() => writeFileSync(at('a b'), content));

  describe('section 3, HASH:', () => {
    for (const [name, ours] of [
      ['SHA-256', 'sha256'],
      ['SHA-512', 'sha512'],
      ['SHA-1', 'sha1'],
      ['MD5', 'md5'],
    ] as const) {
      it(`tells ${name} of a file, the bytes and the name`, async () => {
        const line = await served().session();
        expect((await line.ask(`OPTS HASH ${name}`)).lines).toEqual([name]);
        const digest = createHash(ours).update(content).digest('hex');
        expect(await line.ask('HASH a b')).toEqual({ code: 213, lines: [`${name} 0-999999 ${digest} a b`] });
      });
    }

    it('tells CRC32 with its leading zeros', async () => {
      const line = await served().session();
      await line.ask('OPTS HASH CRC32');
      const text = Array.from({ length: 5_000 }, (_, index) => `text ${index}`).find((each) => crc32(each) < 2 ** 28);
      writeFileSync(at('c'), text ?? '');
      const digest = crc32(text ?? '')
        .toString(16)
        .padStart(8, '0');
      expect(digest[0]).toBe('0');
      expect((await line.ask('HASH c')).lines).toEqual([`CRC32 0-${(text ?? '').length - 1} ${digest} c`]);
    });

    it('tells SHA-256 unless another was chosen, and FEAT marks it', async () => {
      const line = await served().session();
      expect((await line.ask('OPTS HASH')).lines).toEqual(['SHA-256']);
      await line.ask('OPTS HASH md5');
      expect((await line.ask('FEAT')).lines).toContain(' HASH SHA-256;SHA-512;SHA-1;MD5*;CRC32;');
    });

    it('of an empty file is that of nothing', async () => {
      writeFileSync(at('empty'), '');
      const line = await served().session();
      await line.ask('OPTS HASH MD5');
      expect((await line.ask('HASH empty')).lines).toEqual([`MD5 0-0 ${md5('')} empty`]);
    });

    it('is answered 550 for what is missing and for a folder, and 530 before the login', async () => {
      mkdirSync(at('folder'));
      const line = await served().session();
      expect([await line.code('HASH missing'), await line.code('HASH folder')]).toEqual([550, 550]);
      expect(await (await served().line()).code('HASH a b')).toBe(530);
    });

    it('tells the new hash of a file that has changed, in content only', async () => {
      const line = await served().session();
      await line.ask('OPTS HASH MD5');
      const time = new Date('2020-01-01');
      utimesSync(at('a b'), time, time);
      await line.ask('HASH a b');
      const changed = Buffer.concat([Buffer.from('x'), content.subarray(1)]);
      writeFileSync(at('a b'), changed);
      utimesSync(at('a b'), time, time);
      expect((await line.ask('HASH a b')).lines[0]).toContain(md5(changed));
    });
  });

  describe('section 3.3, HASH behind RANG:', () => {
    it('tells that of the part, both ends included, once', async () => {
      const line = await served().session();
      await line.ask('OPTS HASH MD5');
      expect(await line.code('RANG 5 24')).toBe(350);
      expect((await line.ask('HASH a b')).lines).toEqual([`MD5 5-24 ${md5(content.subarray(5, 25))} a b`]);
      expect((await line.ask('HASH a b')).lines).toEqual([`MD5 0-999999 ${md5(content)} a b`]);
    });

    it('knows no REST, which is for the transfer and still holds for it', async () => {
      const line = await served().session();
      await line.ask('OPTS HASH MD5');
      await line.ask('REST 999990');
      expect((await line.ask('HASH a b')).lines).toEqual([`MD5 0-999999 ${md5(content)} a b`]);
      expect((await line.download('RETR a b')).equals(content.subarray(999_990))).toBeTrue();
    });

    it('says which bytes they were when the file ends before the range', async () => {
      const line = await served().session();
      await line.ask('OPTS HASH MD5');
      truncateSync(at('a b'), 30);
      await line.ask('RANG 20 99');
      expect((await line.ask('HASH a b')).lines).toEqual([`MD5 20-29 ${md5(content.subarray(20, 30))} a b`]);
      await line.ask('RANG 31 99');
      expect(await line.code('HASH a b')).toBe(554);
    });
  });
});

describe('The hash commands that were never written down:', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  beforeEach(() => writeFileSync(at('a b'), content));

  for (const [verb, ours] of [
    ['XMD5', 'md5'],
    ['XSHA', 'sha1'],
    ['XSHA1', 'sha1'],
    ['XSHA256', 'sha256'],
    ['XSHA512', 'sha512'],
  ] as const) {
    it(`${verb} is answered 250 with the hash`, async () => {
      const digest = createHash(ours).update(content).digest('hex').toUpperCase();
      expect(await (await served().session()).ask(`${verb} a b`)).toEqual({ code: 250, lines: [digest] });
    });
  }

  it('XCRC is answered 250 with the sum, and MD5 251 with name and hash', async () => {
    const line = await served().session();
    const sum = crc32(content).toString(16).padStart(8, '0').toUpperCase();
    expect(await line.ask('XCRC a b')).toEqual({ code: 250, lines: [sum] });
    expect(await line.ask('MD5 a b')).toEqual({ code: 251, lines: [`a b ${md5(content).toUpperCase()}`] });
  });

  it('take an end, or a start and an end, behind the name; the end is not included', async () => {
    const line = await served().session();
    const part = (start: number, end: number) => [md5(content.subarray(start, end)).toUpperCase()];
    expect((await line.ask('XMD5 a b 40')).lines).toEqual(part(0, 40));
    expect((await line.ask('XMD5 a b 3 40')).lines).toEqual(part(3, 40));
    expect((await line.ask('XMD5 "a b" 0 1000000')).lines).toEqual(part(0, 1_000_000));
    expect((await line.ask('XMD5 "a b"')).lines).toEqual(part(0, 1_000_000));
  });

  it('take a name with numbers or quotes for what it is, where there is such a file', async () => {
    writeFileSync(at('a b 3 40'), 'x');
    writeFileSync(at('"a b"'), 'y');
    const line = await served().session();
    expect((await line.ask('XMD5 a b 3 40')).lines).toEqual([md5('x').toUpperCase()]);
    expect((await line.ask('XMD5 "a b"')).lines).toEqual([md5('y').toUpperCase()]);
  });

  it('never tell the hash of less than was asked for', async () => {
    const line = await served().session();
    expect([await line.code('XMD5 a b 1000001'), await line.code('XMD5 a b 9 3')]).toEqual([554, 501]);
    expect(await line.code('XMD5 a b 1000001 1000002')).toBe(554);
  });
});

describe('draft-bryan-ftp-range-08,', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  beforeEach(() => writeFileSync(at('a'), '0123456789'));

  it('RETR sends the range, both ends included, once', async () => {
    const line = await served().session();
    expect(await line.code('RANG 3 6')).toBe(350);
    expect((await line.download('RETR a')).toString()).toBe('3456');
    expect((await line.download('RETR a')).toString()).toBe('0123456789');
  });

  it('RETR sends what there is of a range that ends or lies behind the file', async () => {
    const line = await served().session();
    await line.ask('RANG 8 99');
    expect((await line.download('RETR a')).toString()).toBe('89');
    await line.ask('RANG 50 99');
    expect((await line.download('RETR a')).length).toBe(0);
  });

  for (const command of ['RANG 1 0', 'RANG 5 4', 'RANG x', 'RANG 5', 'REST 0']) {
    it(`${command} resets it`, async () => {
      const line = await served().session();
      await line.ask('RANG 3 6');
      expect(await line.code(command)).toBe(/^RANG 1 0$|REST/.test(command) ? 350 : 501);
      expect((await line.download('RETR a')).toString()).toBe('0123456789');
    });
  }

  it('STOR changes nothing outside the range', async () => {
    const line = await served().session();
    await line.ask('RANG 3 6');
    await line.upload('STOR a', 'abcd');
    expect(readFileSync(at('a'), 'utf8')).toBe('012abcd789');
    await line.ask('RANG 8 11');
    await line.upload('STOR a', 'wxyz');
    expect(readFileSync(at('a'), 'utf8')).toBe('012abcd7wxyz');
  });

  for (const sent of ['abcde', 'abc']) {
    it(`STOR of ${sent.length} bytes for a range of 4 is answered 554, and nothing outside it has changed`, async () => {
      const line = await served().session();
      await line.ask('RANG 3 6');
      const data = await line.dataConnection();
      expect(await line.code('STOR a')).toBe(150);
      data.end(sent);
      expect((await line.reply()).code).toBe(554);
      expect(readFileSync(at('a'), 'utf8')).toMatch(/^012....789$/);
    });
  }

  it('STOR behind the end of the file is answered 554, APPE with a range 503', async () => {
    const line = await served().session();
    await line.ask('RANG 11 12');
    expect(await line.code('STOR a')).toBe(554);
    await line.ask('RANG 3 6');
    expect(await line.code('APPE a')).toBe(503);
  });

  it('is answered 504 in TYPE A, but for the whole file', async () => {
    const line = await served().session();
    await line.ask('TYPE A');
    expect([await line.code('RANG 0 5'), await line.code('RANG 1 0')]).toEqual([504, 350]);
  });
});

describe('threat 36: a file that is too large to be hashed', () => {
  const served = servedFolder(() => ({ limits: { hashBytes: 9 } }));

  it('is answered 556, and a part of it is hashed (draft-bryan-ftpext-hash-03 section 3.5)', async () => {
    const line = await served().session();
    await line.upload('STOR a', '0123456789');
    expect([await line.code('HASH a'), await line.code('XMD5 a'), await line.code('MD5 a')]).toEqual([556, 556, 556]);
    await line.ask('RANG 0 8');
    expect(await line.code('HASH a')).toBe(213);
  });
});

describe('threat 36: a hash that takes long', () => {
  const served = servedFolder();

  for (const command of ['HASH sparse', 'XSHA512 sparse']) {
    it(`is ended by ABOR within a second: ${command}`, async () => {
      // Five gibibytes that take no room.
      writeFileSync(join(served().home, 'sparse'), '');
      truncateSync(join(served().home, 'sparse'), 5 * 2 ** 30);
      const line = await served().session();
      line.send(`${command}\r\n`);
      await line.nothing();
      const began = performance.now();
      line.send('ABOR\r\n');
      expect(await line.codes(2)).toEqual([426, 226]);
      expect(performance.now() - began).toBeLessThan(1_000);
      expect(await line.code('NOOP')).toBe(200);
    });
  }

  it('is one at a time in a session, and others are served meanwhile', async () => {
    writeFileSync(join(served().home, 'sparse'), '');
    truncateSync(join(served().home, 'sparse'), 5 * 2 ** 30);
    const line = await served().session();
    const other = await served().session();
    line.send('HASH sparse\r\nHASH sparse\r\nABOR\r\n');
    for (let count = 0; count < 20; count += 1) expect(await other.code('NOOP')).toBe(200);
    expect(await line.codes(3)).toEqual([426, 426, 226]);
  });

  it('is ended with the session', async () => {
    writeFileSync(join(served().home, 'sparse'), '');
    truncateSync(join(served().home, 'sparse'), 5 * 2 ** 30);
    const line = await served().session();
    const isAsked = once(served().server.events, 'requestReceived');
    line.send('HASH sparse\r\n');
    await isAsked;
    await served().server.close();
    expect(await line.codes(2)).toEqual([426, 421]);
  });
});
