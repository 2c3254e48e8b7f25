import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anyDisk, PromptDisk } from '../../lib/server/disk/disk.ts';
import { DiskFile } from '../../lib/server/disk/disk-file.ts';
import { Spaces } from '../../lib/server/quota/spaces.ts';
import { UserFolder } from '../../lib/server/user-folder.ts';
import { at, UserRoot } from '../../lib/server/user-root.ts';
import { accountServer } from '../support/account-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const modeOf = (path: string) => statSync(path).mode & 0o7777;

describe('The folder of a registered user', () => {
  const served = accountServer();
  const path = (name: string) => join(served().home, name);

  it('S4: holds what the user stores, and shows nothing of others', async () => {
    const { accounts, session } = served();
    await accounts.add('other', '1');
    writeFileSync(join(accounts.homeOf('other'), 'secret'), 'secret');
    const line = await session();
    await line.upload('STOR mine', 'mine');
    expect(readFileSync(path('mine'), 'utf8')).toBe('mine');
    for (const path of ['../other/secret', '/../other/secret', '/other/secret']) {
      expect(await line.code(`RETR ${path}`)).toBe(550);
    }
    expect((await line.ask('PWD')).lines[0]).toMatch(/^"\/" /);
  });

  it('S4: is made at the login where it is missing', async () => {
    rmSync(served().home, { recursive: true });
    const line = await served().session();
    await line.upload('STOR a', 'a');
    expect(modeOf(served().home)).toBe(0o750);
  });

  it('S4: is not made where what it lies in is missing: a disk may not be mounted', async () => {
    const docs = dirname(served().home);
    renameSync(docs, `${docs}-elsewhere`);
    await expectAsync(served().session()).toBeRejectedWithError('Login answered 530');
    renameSync(`${docs}-elsewhere`, docs);
    await served().session();
  });

  it('S4: may be a link that the operator made', async () => {
    const elsewhere = `${served().home}-elsewhere`;
    renameSync(served().home, elsewhere);
    symlinkSync(elsewhere, served().home);
    const line = await served().session();
    await line.upload('STOR a', 'abc');
    expect(readFileSync(join(elsewhere, 'a'), 'utf8')).toBe('abc');
    expect(await served().counted()).toBe(3);
  });

  it('threat 38: gets files of mode 0640 and folders of mode 0750, and leaves those that are there as they are', async () => {
    writeFileSync(path('old'), '', { mode: 0o600 });
    const line = await served().session();
    await line.upload('STOR new', '');
    await line.upload('STOR old', '');
    expect(await line.code('MKD folder')).toBe(257);
    expect([modeOf(path('new')), modeOf(path('old')), modeOf(path('folder'))]).toEqual([0o640, 0o600, 0o750]);
  });
});

describe('UserFolder', () => {
  const folder = temporaryFolder();

  it('takes nothing where the home is missing, which is another thing than one that cannot be looked at', async () => {
    writeFileSync(join(folder(), 'file'), 'x');
    const spaces = new Spaces();
    const missing = { home: join(folder(), 'missing') };
    expect([await spaces.usedBytes(missing), await spaces.recount(missing)]).toEqual([0, 0]);
    const closed = spaces.usedBytes({ home: join(folder(), 'file', 'home') });
    await expectAsync(closed).toBeRejectedWith(jasmine.objectContaining({ code: 'ENOTDIR' }));
  });

  it('lets go of a file of which the disk does not even tell the size any more', async () => {
    const account = { name: 'a', home: folder(), permissions: [] };
    const spaces = new Spaces();
    const home = await UserFolder.open(account, { spaces, quotaBytes: () => 100 });
    expect(await spaces.usedBytes(account)).toBe(0);
    const file = await home.openToWrite('/file');
    await file.begin(0);
    await file.write(Buffer.from('abc'));
    spyOn(DiskFile.prototype, 'stats').and.rejectWith(new Error('EIO'));
    await file.close();
    expect(await spaces.usedBytes(account)).toBe(3);
    await home.removeFile('/file');
    expect(await spaces.usedBytes(account)).toBe(0);
  });

  it('threat 38: gives files and folders the usual modes where the account says nothing', async () => {
    const account = { name: 'a', home: folder(), permissions: [] };
    const home = await UserFolder.open(account, { spaces: new Spaces(), quotaBytes: () => undefined });
    await home.makeFolder('/folder');
    const file = await home.openToWrite('/file');
    await file.begin(0);
    await file.close();
    expect([modeOf(join(folder(), 'file')), modeOf(join(folder(), 'folder'))]).toEqual([0o644, 0o755]);
  });

  it('tells what is used, allowed and left', async () => {
    writeFileSync(join(folder(), 'a'), 'abc');
    const account = { name: 'a', home: folder(), permissions: [] };
    let quota: number | undefined;
    const home = await UserFolder.open(account, { spaces: new Spaces(), quotaBytes: () => quota });
    expect([await home.allowance(), await home.leftBytes()]).toEqual([{ usedBytes: 3 }, undefined]);
    quota = 5;
    expect([await home.allowance(), await home.leftBytes()]).toEqual([
      { usedBytes: 3, quotaBytes: 5, leftBytes: 2 },
      2,
    ]);
    quota = 2;
    expect(await home.allowance()).toEqual({ usedBytes: 3, quotaBytes: 2, leftBytes: 0 });
    expect(await home.freeBytes()).toBeGreaterThan(0);
  });
});

describe('UserRoot', () => {
  const folder = temporaryFolder();

  for (const [canHold, disk] of [
    [true, anyDisk],
    [true, new PromptDisk()],
    [false, anyDisk],
  ] as const) {
    const how = `${canHold ? 'by way of open folders' : 'by paths'}, ${disk === anyDisk ? 'by threads' : 'at once'}`;
    it(`threat 11: finds nothing outside, ${how}`, async () => {
      for (const name of ['in', 'out']) mkdirSync(join(folder(), name));
      const inside = join(folder(), 'in');
      mkdirSync(join(inside, 'folder'));
      writeFileSync(join(inside, 'folder', 'file'), 'mine');
      writeFileSync(join(folder(), 'out', 'file'), 'secret');
      symlinkSync('../out', join(inside, 'link'));
      symlinkSync('folder', join(inside, 'inner'));
      symlinkSync('../../out/file', join(inside, 'folder', 'file-link'));
      const root = new UserRoot(inside, disk, canHold);
      await expectAsync(root.folder('/link')).toBeRejectedWithError('No such file or folder');
      await expectAsync(root.locate('/link/file')).toBeRejectedWithError('No such file or folder');
      const link = at(root.locate('/folder/file-link'), (place) => root.open(place, 0));
      await expectAsync(link).toBeRejectedWithError(/ELOOP/);
      const { file, stats } = await at(root.locate('/inner/file'), async (place) => {
        expect(place.real).toBe(join(inside, 'folder', 'file'));
        return root.open(place, 0);
      });
      const content = Buffer.alloc(4);
      await file.read(content, 0);
      expect([content.toString(), stats.size]).toEqual(['mine', 4n]);
      await file.close();
    });
  }
});
