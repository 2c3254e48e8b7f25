import { createHash } from 'node:crypto';
import { chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusalOf } from '../support/transport-probe.ts';
import { TIME, type TransportRig } from './transport-rig.ts';

/** The part of the contract about `upload`. */
export function itUploads(rig: TransportRig): void {
  describe('upload', () => {
    it('brings content, size and time, and tells them', async () => {
      const uploaded = await rig.transport.upload({ path: 'file', ...rig.source('content') });
      expect(uploaded).toEqual({ size: 7, mtimeMs: TIME });
      expect(rig.read('file')).toBe('content');
      expect(statSync(join(rig.far, 'file')).mtimeMs).toBe(TIME);
      expect(readdirSync(rig.far)).toEqual(['file']);
    });

    it('brings an empty file', async () => {
      await rig.transport.upload({ path: 'file', ...rig.source('') });
      expect(statSync(join(rig.far, 'file')).size).toBe(0);
      expect(statSync(join(rig.far, 'file')).mtimeMs).toBe(TIME);
    });

    it('brings 3 MiB of any bytes', async () => {
      const content = Buffer.alloc(3 * 1024 * 1024);
      for (let at = 0; at < content.length; at += 32) createHash('sha256').update(`${at}`).digest().copy(content, at);
      await rig.transport.upload({ path: 'file', ...rig.source(content) });
      expect(readFileSync(join(rig.far, 'file')).equals(content)).toBeTrue();
    });

    it('goes on from what is there of a large file since a try that broke off', async () => {
      const content = Buffer.alloc(9 * 1024 * 1024);
      for (let at = 0; at < content.length; at += 4096) createHash('sha256').update(`${at}`).digest().copy(content, at);
      const upload = { path: 'file', ...rig.source(content) };
      const there = 5 * 1024 * 1024 + 1;
      const temporary = join(rig.far, rig.transport.temporaryOf(upload));
      writeFileSync(temporary, content.subarray(0, there));
      const { uid, gid } = statSync(rig.far);
      chownSync(temporary, uid, gid);
      await rig.transport.upload(upload);
      expect(readFileSync(join(rig.far, 'file')).equals(content)).toBeTrue();
      expect(statSync(join(rig.far, 'file')).mtimeMs).toBe(TIME);
      expect(readdirSync(rig.far)).toEqual(['file']);
      const [end] = rig.heard.ends;
      expect(there - (end?.resumedAt ?? 0)).toBeLessThanOrEqual(1024 * 1024);
      expect((end?.bytes ?? 0) + (end?.resumedAt ?? 0)).toBe(content.length);
    });

    it('takes the place of a longer file, and of an equal one', async () => {
      await rig.transport.upload({ path: 'file', ...rig.source('the long old content') });
      await rig.transport.upload({ path: 'file', ...rig.source('new', TIME + 60_000) });
      await rig.transport.upload({ path: 'file', ...rig.source('new', TIME + 60_000) });
      expect(rig.read('file')).toBe('new');
      expect(statSync(join(rig.far, 'file')).mtimeMs).toBe(TIME + 60_000);
      expect(readdirSync(rig.far)).toEqual(['file']);
    });

    it('tells size and time of what was really sent, not those of an older scan', async () => {
      const uploaded = await rig.transport.upload({ path: 'file', ...rig.source('content'), size: 1, mtimeMs: 0 });
      expect(uploaded).toEqual({ size: 7, mtimeMs: TIME });
    });

    it('keeps the milliseconds it tells to itself: the far side gets whole seconds', async () => {
      const uploaded = await rig.transport.upload({ path: 'file', ...rig.source('x', TIME + 789) });
      expect(uploaded.mtimeMs).toBe(TIME + 789);
      expect(statSync(join(rig.far, 'file')).mtimeMs).toBe(TIME);
    });

    it('refuses a source that is gone with E_CHANGED, and leaves the far file', async () => {
      await rig.transport.upload({ path: 'file', ...rig.source('old') });
      const gone = { source: join(rig.near(), 'gone'), size: 1, mtimeMs: TIME };
      expect((await refusalOf(rig.transport.upload({ path: 'file', ...gone }))).code).toBe('E_CHANGED');
      expect(rig.read('file')).toBe('old');
    });

    it('refuses when its folder is missing, and makes nothing', async () => {
      expect((await refusalOf(rig.transport.upload({ path: 'no/file', ...rig.source('x') }))).code).toBe('E_REFUSED');
      expect(readdirSync(rig.far)).toEqual([]);
    });

    it('refuses when a folder is in its place, leaves no temporary name, and goes on renaming afterwards', async () => {
      await rig.transport.mkdir('a');
      expect((await refusalOf(rig.transport.upload({ path: 'a', ...rig.source('x') }))).code).toBe('E_REFUSED');
      expect(readdirSync(rig.far)).toEqual(['a']);
      await rig.transport.upload({ path: 'file', ...rig.source('y') });
      expect(rig.read('file')).toBe('y');
      const { commands = [] } = rig;
      expect(commands.filter((line) => line.startsWith('STOR') && !line.includes('.part'))).toEqual([]);
    });
  });
}

/**
 * The part of the contract about names.
 *
 * @param refuses names of the table that the server takes for something else or does not take
 */
export function itCarriesNames(rig: TransportRig, refuses: readonly string[]): void {
  describe('names', () => {
    const names: readonly (readonly [string, string])[] = [
      ['a blank inside', 'a b  c'],
      ['a leading blank', '  a'],
      ['a trailing blank', 'a  '],
      ['control characters', 'a\tb\u0001\u007f'],
      ['quotes', `"a" 'b' \`c\``],
      ['brackets', '[a] {b} (c) <d>'],
      ['patterns', '*?!a'],
      ['%, # and &', '100%20#&'],
      ['a semicolon', 'a; b;c=d'],
      ['a leading minus', '-la'],
      ['a leading tilde', '~root'],
      ['a backslash', 'a\\b'],
      ['a dollar and an arrow', '$a -> b'],
      ['a leading dot', '.a'],
      ['three dots', '...'],
      ['NFC', 'Gr\u00f6\u00dfe \u8868'],
      ['NFD', 'Gro\u0308\u00dfe'],
      ['emoji', '\u{1f642}\u{1f468}\u200d\u{1f469}'],
      ['255 bytes', 'n'.repeat(255)],
      ['255 bytes of UTF-8', '\u8868'.repeat(85)],
    ];
    for (const [what, name] of names.filter(([known]) => refuses.includes(known))) {
      it(`with ${what} are refused, and nothing else is touched`, async () => {
        const alike = name.trimEnd().replaceAll(/\p{Cc}/gu, '_');
        if (alike !== name) await rig.transport.upload({ path: alike, ...rig.source('alike') });
        const before = readdirSync(rig.far);
        expect((await refusalOf(rig.transport.mkdir(name))).code).toMatch(/^(E_REFUSED|E_NAME)$/);
        // It may well take a file of this name, but then as it is.
        await rig.transport.upload({ path: name, ...rig.source('x') }).catch(() => undefined);
        await rig.transport.remove(name).catch(() => undefined);
        await rig.transport.rmdir(name).catch(() => undefined);
        expect(readdirSync(rig.far)).toEqual(before);
        if (alike !== name) expect(rig.read(alike)).toBe('alike');
      });
    }

    for (const [what, name] of names.filter(([known]) => !refuses.includes(known))) {
      it(`with ${what} are carried as they are`, async () => {
        await rig.transport.mkdir(name);
        await rig.transport.upload({ path: `${name}/${name}`, ...rig.source('x') });
        expect(readdirSync(rig.far)).toEqual([name]);
        expect(readdirSync(join(rig.far, name))).toEqual([name]);
        expect((await rig.transport.list('')).map((entry) => entry.name)).toEqual([name]);
        expect(await rig.transport.list(name)).toEqual([{ name, kind: 'file', size: 1, mtimeMs: TIME }]);
        await rig.transport.remove(`${name}/${name}`);
        await rig.transport.rmdir(name);
        expect(readdirSync(rig.far)).toEqual([]);
      });
    }

    for (const [what, path] of [
      ['CR', 'a\rb'],
      ['LF', 'a\nDELE keep'],
      ['CR and LF', 'a\r\nDELE keep'],
      ['NUL', 'a\0b'],
    ] as const) {
      it(`with ${what} are refused with E_NAME, and nothing of them reaches the server`, async () => {
        writeFileSync(join(rig.far, 'keep'), 'x');
        const before = rig.commands?.length ?? 0;
        const calls = [
          rig.transport.mkdir(path),
          rig.transport.rmdir(path),
          rig.transport.remove(path),
          rig.transport.upload({ path, ...rig.source('x') }),
          rig.transport.list(path),
          rig.transport.keepsTimes(path, TIME),
        ];
        const errors = await Promise.all(calls.map(refusalOf));
        expect(errors.map(({ code, retry }) => `${code} ${retry}`)).toEqual(Array(6).fill('E_NAME false'));
        expect(errors.every(({ message }) => !/[\r\n\0]/.test(message))).toBeTrue();
        expect(readdirSync(rig.far)).toEqual(['keep']);
        // Workers that had no connection yet may have logged in.
        const asked = rig.commands?.slice(before) ?? [];
        expect(asked.filter((line) => /^(MKD|RMD|DELE|STOR|EPSV|MLSD|LIST|MFMT|MDTM|SIZE|RNFR)\b/.test(line))).toEqual(
          [],
        );
        // What was never begun has neither start nor end.
        expect([...rig.heard.starts, ...rig.heard.ends]).toEqual([]);
        await expectAsync(rig.transport.mkdir('b')).toBeResolved();
      });
    }
  });
}
