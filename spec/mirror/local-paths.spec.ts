import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSecretFile } from '../../lib/base/read-secret-file.ts';
import { findLocalDirectory } from '../../lib/mirror/local-directory.ts';
import { realPath } from '../../lib/mirror/real-path.ts';
import { asPlainUser } from '../support/plain-user.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('findLocalDirectory', () => {
  const folder = temporaryFolder();

  it('is absolute', async () => {
    mkdirSync(join(folder(), 'a'));
    expect(await findLocalDirectory('a/', folder())).toEqual({
      path: realpathSync(join(folder(), 'a')),
      missing: false,
    });
  });

  it('follows links', async () => {
    mkdirSync(join(folder(), 'a'));
    symlinkSync('a', join(folder(), 'link'));
    expect(await findLocalDirectory('link', folder())).toEqual({
      path: realpathSync(join(folder(), 'a')),
      missing: false,
    });
  });

  it('tells that a folder is missing', async () => {
    expect(await findLocalDirectory('a/b', folder())).toEqual({
      path: join(realpathSync(folder()), 'a', 'b'),
      missing: true,
    });
  });

  it('refuses a file', async () => {
    writeFileSync(join(folder(), 'a'), '');
    expect(await findLocalDirectory('a', folder())).toEqual({
      fault: jasmine.objectContaining({ message: 'local_directory "a": is not a folder' }),
    });
  });

  it('refuses one that cannot be read', async () => {
    chmodSync(folder(), 0o755);
    mkdirSync(join(folder(), 'a'), { mode: 0o000 });
    expect(await asPlainUser(() => findLocalDirectory('a', folder()))).toEqual({
      fault: jasmine.objectContaining({ message: 'local_directory "a": there is no permission' }),
    });
  });

  it('refuses one that can be listed but not entered', async () => {
    chmodSync(folder(), 0o755);
    mkdirSync(join(folder(), 'a'));
    chmodSync(join(folder(), 'a'), 0o744);
    expect(await asPlainUser(() => findLocalDirectory('a', folder()))).toEqual({
      fault: jasmine.objectContaining({ message: 'local_directory "a": there is no permission' }),
    });
  });

  it('refuses a path through a file', async () => {
    writeFileSync(join(folder(), 'a'), '');
    expect(await findLocalDirectory('a/b', folder())).toEqual({
      fault: jasmine.objectContaining({ message: 'local_directory "a/b": a part of the path is not a folder' }),
    });
  });

  it('refuses links in a circle', async () => {
    symlinkSync('b', join(folder(), 'a'));
    symlinkSync('a', join(folder(), 'b'));
    expect(await findLocalDirectory('a', folder())).toEqual({
      fault: jasmine.objectContaining({ message: 'local_directory "a": its links lead in a circle' }),
    });
  });
});

describe('realPath', () => {
  const folder = temporaryFolder();

  it('follows the links of a path whose end is missing', async () => {
    mkdirSync(join(folder(), 'a'));
    symlinkSync('a', join(folder(), 'link'));
    expect(await realPath(join(folder(), 'link', 'b', 'c'))).toBe(join(realpathSync(folder()), 'a', 'b', 'c'));
  });
});

describe('readSecretFile', () => {
  const folder = temporaryFolder();

  for (const [mode, othersCanRead] of [
    [0o600, false],
    [0o700, false],
    [0o622, false],
    [0o640, true],
    [0o604, true],
  ] as const) {
    it(`tells whether others can read a file of mode ${mode.toString(8)}`, async () => {
      const path = join(folder(), 'secret');
      writeFileSync(path, 'text');
      chmodSync(path, mode);
      expect(await readSecretFile(path, 'linux')).toEqual({ text: 'text', othersCanRead });
    });
  }

  it('knows no modes on Windows', async () => {
    const path = join(folder(), 'secret');
    writeFileSync(path, 'text', { mode: 0o644 });
    expect((await readSecretFile(path, 'win32')).othersCanRead).toBeFalse();
  });

  it('reads an empty file', async () => {
    writeFileSync(join(folder(), 'secret'), '');
    expect((await readSecretFile(join(folder(), 'secret'), 'linux')).text).toBe('');
  });

  it('passes over a byte order mark', async () => {
    writeFileSync(join(folder(), 'secret'), '\uFEFFtext');
    expect((await readSecretFile(join(folder(), 'secret'), 'linux')).text).toBe('text');
  });

  it('reads 64 KiB', async () => {
    writeFileSync(join(folder(), 'secret'), 'x'.repeat(65_536));
    expect((await readSecretFile(join(folder(), 'secret'), 'linux')).text?.length).toBe(65_536);
  });

  it('gives nothing of a longer file', async () => {
    writeFileSync(join(folder(), 'secret'), 'x'.repeat(65_537));
    expect((await readSecretFile(join(folder(), 'secret'), 'linux')).text).toBeUndefined();
  });

  it('is refused for a folder', async () => {
    await expectAsync(readSecretFile(folder(), 'linux')).toBeRejectedWith(jasmine.objectContaining({ code: 'EISDIR' }));
  });
});
