import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { ManualClock } from '../support/manual-clock.ts';

const time = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('RFC 959 section 4.1.3, SITE:', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  const modeOf = (name: string) => (statSync(at(name)).mode & 0o7777).toString(8);

  it('HELP is answered 214, and tells each of them', async () => {
    const { code, lines } = await (await served().session()).ask('SITE HELP');
    expect(code).toBe(214);
    const verbs = lines.slice(1, -1).map((line) => line.split(' ')[2]);
    expect(verbs).toEqual(jasmine.arrayContaining(['HELP', 'CHMOD', 'UTIME', 'IDLE', 'WHOAMI', 'RMDA']));
  });

  it('without a word, or before the login, is refused', async () => {
    expect(await (await served().session()).code('SITE')).toBe(501);
    for (const command of ['SITE HELP', 'SITE CHMOD 644 a', 'SITE WHOAMI']) {
      expect(await (await served().line()).code(command)).toBe(530);
    }
  });

  for (const command of ['SITE UMASK 022', 'SITE EXEC ls', 'SITE CPFR a', 'SITE CPTO b', 'SITE  HELP']) {
    it(`${command} is answered 504`, async () => {
      expect(await (await served().session()).code(command)).toBe(504);
    });
  }

  it('WHOAMI tells the name of the login', async () => {
    expect(await (await served().session()).ask('site whoami')).toEqual({ code: 200, lines: ['steve'] });
  });

  describe('CHMOD', () => {
    beforeEach(() => {
      writeFileSync(at('a b'), '');
      mkdirSync(at('folder'));
    });

    for (const [digits, mode] of [
      ['600', '600'],
      ['0640', '640'],
      ['000', '0'],
      ['777', '777'],
    ] as const) {
      it(`${digits} sets the rights of a file`, async () => {
        expect(await (await served().session()).code(`SITE CHMOD ${digits} a b`)).toBe(200);
        expect(modeOf('a b')).toBe(mode);
      });
    }

    it('sets the rights of a folder, and of a file that nobody may read', async () => {
      const line = await served().session();
      expect(await line.code('SITE CHMOD 700 folder')).toBe(200);
      expect(modeOf('folder')).toBe('700');
      await line.ask('SITE CHMOD 000 a b');
      expect(await line.code('SITE CHMOD 644 a b')).toBe(200);
      expect(modeOf('a b')).toBe('644');
    });

    const isRefused = (argument: string) => async () => {
      const before = [modeOf('a b'), modeOf('folder')];
      expect(await (await served().session()).code(`SITE CHMOD ${argument}`.trimEnd())).toBe(501);
      expect([modeOf('a b'), modeOf('folder')]).toEqual(before);
    };
    // Whoever sets the fourth digit makes a program run with the rights of the server.
    for (const argument of ['4755 a b', '2755 a b', '1777 folder']) {
      it(`threat 38: ${JSON.stringify(argument)} is answered 501, and nothing has changed`, isRefused(argument));
    }
    for (const argument of ['8 a b', '64 a b', 'u+x a b', '644', '644 ', '']) {
      it(`${JSON.stringify(argument)} is answered 501, and nothing has changed`, isRefused(argument));
    }

    it('is answered 550 for what is missing, for the root, and for a link, which is not followed', async () => {
      writeFileSync(join(served().outside, 'secret'), '', { mode: 0o600 });
      symlinkSync(join(served().outside, 'secret'), at('link'));
      symlinkSync(served().outside, at('out'));
      const line = await served().session();
      for (const name of ['missing', '/', 'link', 'out/secret', 'out']) {
        expect(await line.code(`SITE CHMOD 666 ${name}`))
          .withContext(name)
          .toBe(550);
      }
      expect(statSync(join(served().outside, 'secret')).mode & 0o777).toBe(0o600);
    });
  });

  describe('UTIME', () => {
    for (const command of [
      'SITE UTIME 20260102030405 a b',
      'SITE UTIME a b 20200101000000 20260102030405 20200101000000 UTC',
      'SITE UTIME a b 202001010000 20260102030405 202001010000 utc',
    ]) {
      it(`sets the time by ${command}`, async () => {
        writeFileSync(at('a b'), '');
        expect(await (await served().session()).code(command)).toBe(200);
        expect(statSync(at('a b')).mtimeMs).toBe(time);
      });
    }

    it('takes a time without seconds', async () => {
      writeFileSync(at('a'), '');
      expect(await (await served().session()).code('SITE UTIME 202601020304 a')).toBe(200);
      expect(statSync(at('a')).mtimeMs).toBe(time - 5_000);
    });

    for (const argument of [
      '',
      'a',
      '2026 a',
      '20250230000000 a',
      '20260102030405',
      'a 20260102030405 UTC',
      'a 1 2 3 UTC',
    ]) {
      it(`${JSON.stringify(argument)} is answered 501`, async () => {
        writeFileSync(at('a'), '');
        expect(await (await served().session()).code(`SITE UTIME ${argument}`.trimEnd())).toBe(501);
      });
    }
  });

  describe('RMDA, as the command of that name,', () => {
    for (const command of ['SITE RMDA folder', 'RMDA folder', 'RMDA /folder/']) {
      it(`removes a folder with all that is in it: ${command}`, async () => {
        mkdirSync(at('folder/a/b/c'), { recursive: true });
        for (let count = 0; count < 200; count += 1) writeFileSync(at(`folder/a/${count}`), '');
        writeFileSync(join(served().outside, 'kept'), '');
        symlinkSync(served().outside, at('folder/a/link'));
        expect(await (await served().session()).code(command)).toBe(250);
        expect(existsSync(at('folder'))).toBeFalse();
        expect(readdirSync(served().outside)).toEqual(['kept']);
      });
    }

    it('is answered 550 for the root, a file, a link and what is missing, and nothing is removed', async () => {
      mkdirSync(at('folder'));
      writeFileSync(at('file'), '');
      writeFileSync(join(served().outside, 'kept'), '');
      symlinkSync(served().outside, at('link'));
      symlinkSync('folder', at('inner link'));
      writeFileSync(at('folder/kept'), '');
      const line = await served().session();
      for (const path of ['/', 'folder/..', 'file', 'link', 'inner link', 'missing']) {
        expect(await line.code(`RMDA ${path}`))
          .withContext(path)
          .toBe(550);
      }
      expect(readdirSync(served().home).sort()).toEqual(['file', 'folder', 'inner link', 'link']);
      expect(readdirSync(at('folder'))).toEqual(['kept']);
      expect(readdirSync(served().outside)).toEqual(['kept']);
    });
  });

  it('DSIZ tells the bytes of all files in a folder and below', async () => {
    mkdirSync(at('folder/inner'), { recursive: true });
    writeFileSync(at('folder/a'), '12345');
    writeFileSync(at('folder/inner/b'), '123');
    writeFileSync(join(served().outside, 'c'), 'x'.repeat(100));
    symlinkSync(served().outside, at('folder/link'));
    const line = await served().session();
    expect(await line.ask('DSIZ folder')).toEqual({ code: 213, lines: ['8'] });
    expect(await line.ask('DSIZ')).toEqual({ code: 213, lines: ['8'] });
    expect(await line.code('DSIZ folder/a')).toBe(550);
  });
});

describe('SITE, to an account that may only read,', () => {
  const served = servedFolder(() => ({}), ['read']);

  for (const command of ['SITE CHMOD 600 a', 'SITE UTIME 20260102030405 a', 'SITE RMDA d', 'RMDA d']) {
    it(`answers 550 to ${command}`, async () => {
      writeFileSync(join(served().home, 'a'), '');
      mkdirSync(join(served().home, 'd'));
      expect(await (await served().session()).code(command)).toBe(550);
      expect(readdirSync(served().home)).toEqual(['a', 'd']);
    });
  }
});

describe('SITE IDLE', () => {
  let clock: ManualClock;
  const served = servedFolder(() => {
    clock = new ManualClock();
    return { clock };
  });

  it('tells how long a silence may be, and shortens it', async () => {
    const line = await served().session();
    expect((await line.ask('SITE IDLE')).lines).toEqual(['300 seconds']);
    expect(await line.code('SITE IDLE 60')).toBe(200);
    expect((await line.ask('SITE IDLE')).lines).toEqual(['60 seconds']);
    for (let seconds = 0; seconds < 59; seconds += 1) await pass();
    expect(await line.code('NOOP')).toBe(200);
    for (let seconds = 0; seconds < 60; seconds += 1) await pass();
    expect((await line.reply()).code).toBe(421);
  });

  for (const argument of ['0', '29', '301', '-1', 'x', '1e2']) {
    it(`${argument} is answered 501`, async () => {
      expect(await (await served().session()).code(`SITE IDLE ${argument}`)).toBe(501);
    });
  }

  async function pass(): Promise<void> {
    clock.advance(1_000);
    await clock.someoneWaits();
  }
});
