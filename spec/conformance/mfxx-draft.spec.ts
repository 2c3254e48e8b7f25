import { readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';

const time = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('draft-somers-ftp-mfxx-04, MFF:', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  beforeEach(() => writeFileSync(at('a; b'), '', { mode: 0o600 }));

  it('sets time and rights, and tells what was set', async () => {
    const line = await served().session();
    const { code, lines } = await line.ask('MFF Modify=20260102030405;UNIX.mode=0640; a; b');
    expect([code, ...lines]).toEqual([213, 'modify=20260102030405;unix.mode=0640; a; b']);
    expect(statSync(at('a; b')).mtimeMs).toBe(time);
    expect(statSync(at('a; b')).mode & 0o7777).toBe(0o640);
  });

  it('sets one of them', async () => {
    const line = await served().session();
    expect((await line.ask('MFF unix.mode=644; a; b')).lines).toEqual(['unix.mode=0644; a; b']);
    expect((await line.ask('MFF modify=20260102030405.678; a; b')).lines).toEqual(['modify=20260102030405.678; a; b']);
    expect(Math.round(statSync(at('a; b')).mtimeMs)).toBe(time + 678);
  });

  for (const [argument, code] of [
    ['modify=20260102030405;unix.mode=4755; a; b', 501],
    ['modify=20250230000000; a; b', 501],
    ['modify=20260102030405;create=20260102030405; a; b', 504],
    ['modify=20260102030405 a', 501],
    ['; a; b', 504],
    ['unix.mode=640; missing', 550],
  ] as const) {
    it(`${JSON.stringify(argument)} is answered ${code}, and nothing has changed`, async () => {
      const before = statSync(at('a; b'));
      expect(await (await served().session()).code(`MFF ${argument}`)).toBe(code);
      expect(statSync(at('a; b')).mtimeMs).toBe(before.mtimeMs);
      expect(statSync(at('a; b')).mode).toBe(before.mode);
    });
  }

  it('does not follow a link', async () => {
    symlinkSync('a; b', at('link'));
    expect(await (await served().session()).code('MFF unix.mode=777; link')).toBe(550);
    expect(statSync(at('a; b')).mode & 0o7777).toBe(0o600);
  });
});

describe('MDTM with a time', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);

  it('sets it, and tells it', async () => {
    writeFileSync(at('a b'), '');
    const line = await served().session();
    expect(await line.ask('MDTM 20260102030405 a b')).toEqual({ code: 213, lines: ['20260102030405'] });
    expect((await line.ask('MDTM a b')).lines).toEqual(['20260102030405']);
    expect(statSync(at('a b')).mtimeMs).toBe(time);
  });

  it('tells that of a file whose name looks like it', async () => {
    writeFileSync(at('20260102030405 a'), '');
    writeFileSync(at('a'), '');
    const line = await served().session();
    expect((await line.ask('MDTM 20260102030405 a')).lines).not.toEqual(['20260102030405']);
    expect(readdirSync(served().home).length).toBe(2);
  });

  it('is answered 550 for what is missing', async () => {
    expect(await (await served().session()).code('MDTM 20260102030405 missing')).toBe(550);
  });
});

describe('MDTM with a time, by an account that may only read,', () => {
  const served = servedFolder(() => ({}), ['read']);

  it('is answered 550', async () => {
    writeFileSync(join(served().home, 'a'), '');
    expect(await (await served().session()).code('MDTM 20260102030405 a')).toBe(550);
  });
});

describe('threat 39: a time that no disk can hold', () => {
  const served = servedFolder();

  for (const digits of ['00000101000000', '00010101000000', '99991231235959', '20250230000000', '20261301000000']) {
    for (const command of [
      `MFMT ${digits} a`,
      `MFF modify=${digits}; a`,
      `MDTM ${digits} a`,
      `SITE UTIME ${digits} a`,
    ]) {
      it(`is kept exactly or refused, and harms nothing: ${command}`, async () => {
        writeFileSync(join(served().home, 'a'), '');
        const line = await served().session();
        await line.ask('MFMT 20260102030405 a');
        const { code } = await line.ask(command);
        expect([200, 213, 501, 550]).toContain(code);
        const isKept = code < 300;
        expect((await line.ask('MDTM a')).lines).toEqual([isKept ? digits : '20260102030405']);
        expect((await line.download('LIST')).toString()).toMatch(/ a\r\n$/);
        expect((await line.download('MLSD')).toString()).toMatch(/ a\r\n$/);
      });
    }
  }
});
