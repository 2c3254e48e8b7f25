import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import { FileTarget } from '../../lib/far/file-target.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1024 * 1024;

describe('FileTarget', () => {
  const folder = temporaryFolder();
  const final = () => join(folder(), 'file');
  const part = () => join(folder(), 'part');

  function codeThrown(work: () => unknown): string | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  }

  it('holds nothing of what it has under its name before it is finished', async () => {
    writeFileSync(final(), 'old');
    const target = new FileTarget(final(), part());
    await target.write([Buffer.from('ne'), Buffer.from('w')]);
    expect(readFileSync(final(), 'utf8')).toBe('old');
    target.finish(1_600_000_000_000);
    target.close();
    expect(readFileSync(final(), 'utf8')).toBe('new');
    expect(existsSync(part())).toBeFalse();
  });

  it('goes on from what is there, and steps back in it', async () => {
    writeFileSync(part(), 'content');
    const target = new FileTarget(final(), part());
    expect(target.size).toBe(7);
    target.stepBack(3);
    await target.write([Buffer.from('crete')]);
    target.finish(undefined);
    target.close();
    expect(readFileSync(final(), 'utf8')).toBe('concrete');
  });

  it('hashes what is there and what comes', async () => {
    writeFileSync(part(), 'con');
    const target = new FileTarget(final(), part());
    const hash = await target.hashAll('md5');
    await target.write([Buffer.from('tent')]);
    expect(hash.soFar()).toBe('9a0364b9e99bb480dd25e1f0284c8555');
    target.close();
  });

  it('writes pieces of any size in their order', async () => {
    const target = new FileTarget(final(), part());
    const pieces = Array.from({ length: 3000 }, (_, index) => Buffer.from(`${index},`.repeat(100)));
    for (let at = 0; at < pieces.length; at += 700) await target.write(pieces.slice(at, at + 700));
    target.finish(undefined);
    target.close();
    expect(readFileSync(final()).equals(Buffer.concat(pieces))).toBeTrue();
  });

  for (const [what, lay] of [
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link', (path: string) => symlinkSync('elsewhere', path)],
    ['a named pipe', (path: string) => void execFileSync('mkfifo', [path])],
  ] as const) {
    it(`is refused where ${what} is in its place`, () => {
      lay(final());
      expect(codeThrown(() => new FileTarget(final(), part()))).toBe('E_TARGET');
      expect(existsSync(part())).toBeFalse();
    });

    it(`is refused its name where ${what} has come into its place meanwhile`, async () => {
      const target = new FileTarget(final(), part());
      await target.write([Buffer.from('x')]);
      lay(final());
      expect(codeThrown(() => target.finish(undefined))).toBe('E_TARGET');
      target.close();
    });
  }

  it('takes a named pipe or a link in the place of its part away, and waits for nobody', async () => {
    for (const lay of [() => execFileSync('mkfifo', [part()]), () => symlinkSync(final(), part())]) {
      lay();
      const target = new FileTarget(final(), part());
      await target.write([Buffer.from('x')]);
      target.finish(undefined);
      target.close();
      expect(readFileSync(final(), 'utf8')).toBe('x');
    }
  });

  it('says E_NO_ROOM on a full disk, and keeps what is there', async () => {
    const disk = makeSmallDisk(join(folder(), 'disk'), 2048);
    try {
      // The other way to have a small one would be a limit of this very process.
      if (!disk.isShared) pending('no disk may be mounted here');
      const inside = join(folder(), 'disk', 'part');
      const target = new FileTarget(join(folder(), 'disk', 'file'), inside);
      await target.write([Buffer.alloc(MIB, 'x')]);
      await expectAsync((async () => target.write([Buffer.alloc(2 * MIB, 'y')]))()).toBeRejectedWith(
        jasmine.objectContaining({ code: 'E_NO_ROOM', retry: false }),
      );
      target.close();
      const kept = readFileSync(inside);
      expect(kept.length).toBeGreaterThanOrEqual(MIB);
      expect(kept.subarray(0, MIB).equals(Buffer.alloc(MIB, 'x'))).toBeTrue();
    } finally {
      disk.dispose();
    }
  });
});
