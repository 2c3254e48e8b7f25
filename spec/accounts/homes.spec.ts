import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Homes } from '../../lib/accounts/homes.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the homes of users who were removed', () => {
  const place = temporaryFolder();
  let homes: Homes;
  const at = (...names: readonly string[]) => join(place(), 'docs', ...names);
  const asideOf = (digit: string) => at(`.removed ${digit.repeat(16)}`);

  beforeEach(() => {
    mkdirSync(at());
    homes = new Homes(at());
  });

  it('go, and nothing else that only looks like one', async () => {
    const kept = ['u', '.removed customers', '.removed 0123456789abcdef.old', '.removed 0123456789ABCDEF'];
    for (const name of [...kept, 'v']) mkdirSync(at(name));
    writeFileSync(at('v', 'file'), 'content');
    expect(basename((await homes.setAside('v')) ?? '')).toMatch(/^\.removed [0-9a-f]{16}$/);
    expect(await homes.removeLeft()).toEqual({ removed: 1, problems: [] });
    expect(readdirSync(at()).sort()).toEqual(kept.toSorted());
  });

  it('are none for a user without one', async () => {
    expect(await homes.setAside('v')).toBeUndefined();
    expect(await homes.removeLeft()).toEqual({ removed: 0, problems: [] });
  });

  it('go whatever is in them and however it is called, and nothing that links lead to', async () => {
    const outside = join(place(), 'outside');
    mkdirSync(join(outside, 'sub'), { recursive: true });
    writeFileSync(join(outside, 'file'), 'kept');
    mkdirSync(join(asideOf('a'), 'deep', 'er'), { recursive: true });
    for (const name of ['file', 'deep/ ', 'deep/er/ä\n']) writeFileSync(join(asideOf('a'), name), '');
    writeFileSync(Buffer.concat([Buffer.from(`${asideOf('a')}/`), Buffer.from([0xff, 0xfe])]), 'no UTF-8');
    for (const name of ['link', 'deep/link']) symlinkSync(outside, join(asideOf('a'), name));
    symlinkSync(join(outside, 'missing'), join(asideOf('a'), 'broken'));
    symlinkSync(outside, asideOf('b'));
    writeFileSync(asideOf('c'), 'not even a folder');
    expect(await homes.removeLeft()).toEqual({ removed: 3, problems: [] });
    expect(readdirSync(at())).toEqual([]);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('kept');
    expect(existsSync(join(outside, 'sub'))).toBeTrue();
  });

  it('go all but for the one that cannot be removed', async () => {
    for (const digit of ['a', 'c']) mkdirSync(asideOf(digit));
    const disk = makeSmallDisk(asideOf('b'), 64);
    try {
      if (!disk.isShared) pending('no file system of its own can be mounted here');
      const { removed, problems } = await homes.removeLeft();
      expect([removed, problems.length]).toEqual([2, 1]);
      expect(String(problems[0])).toMatch(
        /are left in .*\.removed b{16}: the system says EBUSY; remove them yourself$/,
      );
      expect(readdirSync(at())).toEqual([basename(asideOf('b'))]);
    } finally {
      disk.dispose();
    }
  });

  it('go no further when that is to end, and the rest the next time', async () => {
    mkdirSync(at('v'));
    for (let index = 0; index < 2_000; index += 1) writeFileSync(at('v', `file ${index}`), '');
    const aside = await homes.setAside('v');
    const removal = homes.remove(aside ?? '');
    while (readdirSync(aside ?? '').length === 2_000) await new Promise((resolve) => setImmediate(resolve));
    homes.close();
    const refused = jasmine.objectContaining({
      code: 'E_HOME_LEFT',
      message: `The files of a user who was removed are left in ${aside}: the server was stopped; its next start removes them`,
    });
    await expectAsync(removal).toBeRejectedWith(refused);
    expect(readdirSync(aside ?? '').length).toBeGreaterThan(0);
    expect(await homes.removeLeft()).toEqual({ removed: 0, problems: [] });
    expect(await new Homes(at()).removeLeft()).toEqual({ removed: 1, problems: [] });
    expect(readdirSync(at())).toEqual([]);
  });

  it('go also when something is still made in them meanwhile', async () => {
    mkdirSync(at('v', 'sub'), { recursive: true });
    const aside = (await homes.setAside('v')) ?? '';
    for (let index = 0; index < 500; index += 1) writeFileSync(join(aside, `file ${index}`), '');
    const removal = homes.remove(aside);
    while (readdirSync(aside).length > 400) await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(join(place(), 'late'), '');
    renameSync(join(place(), 'late'), join(aside, 'late'));
    await removal;
    expect(existsSync(aside)).toBeFalse();
  });
});
