import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMlsd } from '../../lib/ftp/listing.ts';
import { servedFolder } from '../support/ftp-server.ts';

const time = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('RFC 3659,', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  const put = (name: string, content: string, mtimeMs = time) => {
    writeFileSync(at(name), content);
    utimesSync(at(name), new Date(mtimeMs), new Date(mtimeMs));
  };

  describe('section 3, MDTM:', () => {
    it('tells the time of a file in UTC', async () => {
      put('a', '');
      expect((await (await served().session()).ask('MDTM a')).lines).toEqual(['20260102030405']);
    });

    it('tells milliseconds where there are some', async () => {
      put('a', '', time + 678);
      expect((await (await served().session()).ask('MDTM a')).lines).toEqual(['20260102030405.678']);
    });

    it('is answered 550 for what is missing or no file', async () => {
      const line = await served().session();
      mkdirSync(at('folder'));
      expect([await line.code('MDTM missing'), await line.code('MDTM folder')]).toEqual([550, 550]);
    });
  });

  describe('section 4, SIZE:', () => {
    it('tells the bytes of a file in TYPE I', async () => {
      put('a', 'one\n');
      expect((await (await served().session()).ask('SIZE a')).lines).toEqual(['4']);
    });

    it('is answered 550 in TYPE A, for what is missing and for a folder', async () => {
      const line = await served().session();
      put('a', 'one\n');
      mkdirSync(at('folder'));
      expect([await line.code('SIZE missing'), await line.code('SIZE folder')]).toEqual([550, 550]);
      await line.ask('TYPE A');
      expect(await line.code('SIZE a')).toBe(550);
    });
  });

  describe('section 5, REST:', () => {
    it('makes RETR begin there, once', async () => {
      const line = await served().session();
      put('a', '0123456789');
      expect(await line.code('REST 7')).toBe(350);
      expect((await line.download('RETR a')).toString()).toBe('789');
      expect((await line.download('RETR a')).toString()).toBe('0123456789');
    });

    it('makes STOR write there, and cut what lies behind', async () => {
      const line = await served().session();
      put('a', '0123456789');
      await line.ask('REST 5');
      await line.upload('STOR a', 'xy');
      expect(readFileSync(at('a'), 'utf8')).toBe('01234xy');
    });

    it('may be the size of the file', async () => {
      const line = await served().session();
      put('a', '0123');
      await line.ask('REST 4');
      await line.upload('STOR a', '45');
      expect(readFileSync(at('a'), 'utf8')).toBe('012345');
      await line.ask('REST 6');
      expect((await line.download('RETR a')).length).toBe(0);
    });

    for (const command of ['RETR a', 'STOR a', 'STOR new']) {
      it(`threat 30: behind the end is answered 554 by ${command}, and forgotten`, async () => {
        const line = await served().session();
        put('a', '0123');
        expect(await line.code('REST 1000000000000')).toBe(350);
        expect(await line.code(command)).toBe(554);
        expect((await line.download('RETR a')).toString()).toBe('0123');
      });
    }

    for (const argument of ['-1', 'x', '1.5', '9007199254740993', '1e3', '0x10']) {
      it(`${argument} is answered 501`, async () => {
        expect(await (await served().session()).code(`REST ${argument}`)).toBe(501);
      });
    }

    it('is answered 504 in TYPE A, but for 0', async () => {
      const line = await served().session();
      await line.ask('TYPE A');
      expect([await line.code('REST 1'), await line.code('REST 0')]).toEqual([504, 350]);
    });

    for (const place of ['REST 5', 'RANG 5 7']) {
      it(`${place} is answered 504 by a transfer as text, also where TYPE A came behind it, and forgotten`, async () => {
        const line = await served().session();
        put('a', '0123456789');
        for (const command of ['RETR a', 'STOR a']) {
          await line.ask('TYPE I');
          expect(await line.code(place)).toBe(350);
          await line.ask('TYPE A');
          await line.dataConnection();
          expect(await line.code(command))
            .withContext(command)
            .toBe(504);
          expect((await line.download('RETR a')).toString()).toBe('0123456789');
        }
      });
    }

    it('has no place before APPE', async () => {
      const line = await served().session();
      put('a', '0123');
      await line.ask('REST 2');
      expect(await line.code('APPE a')).toBe(503);
    });
  });

  describe('section 7, MLST and MLSD:', () => {
    it('MLST tells the facts of one entry under its whole path', async () => {
      const line = await served().session();
      put('a', 'four');
      const { code, lines } = await line.ask('MLST a');
      expect(code).toBe(250);
      expect(lines.length).toBe(3);
      expect(lines[1]).toMatch(/^ type=file;size=4;modify=20260102030405;perm=rawdf;unique=[0-9a-f]+U[0-9a-f]+; \/a$/);
    });

    it('MLST tells the current folder when nothing is named', async () => {
      const line = await served().session();
      expect((await line.ask('MLST')).lines[1]).toMatch(/^ type=dir;modify=[0-9.]+;perm=elcmp;unique=[0-9a-fU]+; \/$/);
    });

    it('MLST of a missing entry is answered 550', async () => {
      expect(await (await served().session()).code('MLST missing')).toBe(550);
    });

    it('MLSD tells every entry, exactly as stat says', async () => {
      const line = await served().session();
      put('a', 'four');
      put('b', '', time + 678);
      put('c', '', Date.UTC(1969, 11, 31));
      mkdirSync(at('d'));
      symlinkSync('a', at('l'));
      const { entries, unreadable } = parseMlsd((await line.download('MLSD')).toString());
      expect(unreadable).toEqual([]);
      expect([...entries].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        { name: 'a', kind: 'file', size: 4, mtimeMs: time },
        { name: 'b', kind: 'file', size: 0, mtimeMs: time + 678 },
        { name: 'c', kind: 'file', size: 0, mtimeMs: Date.UTC(1969, 11, 31) },
        { name: 'd', kind: 'directory', size: 0, mtimeMs: Math.round(statSync(at('d')).mtimeMs) },
        { name: 'l', kind: 'link', size: 0, mtimeMs: jasmine.any(Number) },
      ]);
    });

    it('MLSD tells neither the folder itself nor its parent', async () => {
      mkdirSync(at('d'));
      expect((await (await served().session()).download('MLSD d')).length).toBe(0);
    });

    it('MLSD of a file is answered 501, of what is missing 550', async () => {
      const line = await served().session();
      put('a', '');
      expect([await line.code('MLSD a'), await line.code('MLSD missing')]).toEqual([501, 550]);
    });

    it('unique is the same for two names of one file only', async () => {
      const line = await served().session();
      put('a', '');
      put('b', '');
      linkSync(at('a'), at('c'));
      const facts = await Promise.all(['a', 'b', 'c'].map(async (name) => (await line.ask(`MLST ${name}`)).lines[1]));
      const [a, b, c] = facts.map((fact) => /unique=([^;]+);/.exec(fact ?? '')?.[1]);
      expect(c).toBe(a);
      expect(b).not.toBe(a);
    });
  });
});

describe('The MFxx draft, MFMT:', () => {
  const served = servedFolder();

  it('sets the time of a file, and tells it', async () => {
    const line = await served().session();
    await line.upload('STOR a; b ', 'x');
    const { code, lines } = await line.ask('MFMT 20260102030405 a; b ');
    expect([code, ...lines]).toEqual([213, 'Modify=20260102030405; a; b ']);
    expect(statSync(join(served().home, 'a; b ')).mtimeMs).toBe(time);
  });

  it('keeps milliseconds, which MDTM and MLSD then tell', async () => {
    const line = await served().session();
    await line.upload('STOR a', 'x');
    for (const ms of ['001', '123', '678', '999']) {
      expect(await line.code(`MFMT 20260102030405.${ms} a`)).toBe(213);
      expect((await line.ask('MDTM a')).lines).toEqual([`20260102030405.${ms}`]);
    }
  });

  it('sets the time of a folder', async () => {
    const line = await served().session();
    await line.ask('MKD d');
    expect(await line.code('MFMT 20260102030405 d')).toBe(213);
    expect(statSync(join(served().home, 'd')).mtimeMs).toBe(time);
  });

  for (const argument of ['2026 a', '20250230000000 a', '20260102030405', '20260102030405 ', 'a 20260102030405']) {
    it(`${JSON.stringify(argument)} is answered 501`, async () => {
      expect(await (await served().session()).code(`MFMT ${argument}`)).toBe(501);
    });
  }

  for (const year of ['0001', '1800', '1960', '2100', '9999']) {
    it(`the year ${year} is kept exactly or refused with 501, and then the time is as before`, async () => {
      const line = await served().session();
      await line.upload('STOR a', 'x');
      await line.ask('MFMT 20260102030405 a');
      const code = await line.code(`MFMT ${year}0102030405 a`);
      expect([213, 501]).toContain(code);
      expect((await line.ask('MDTM a')).lines).toEqual([code === 213 ? `${year}0102030405` : '20260102030405']);
    });
  }

  it('is answered 550 for what is missing, and for a link', async () => {
    const line = await served().session();
    symlinkSync('nowhere', join(served().home, 'l'));
    expect([await line.code('MFMT 20260102030405 a'), await line.code('MFMT 20260102030405 l')]).toEqual([550, 550]);
  });
});
