import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import type { DataFolder } from '../../lib/accounts/data-folder.ts';
import { codeOf } from '../../lib/base/coded-error.ts';
import { FileLock } from '../../lib/base/file-lock.ts';
import { openAdministration } from '../../lib/control/open-administration.ts';
import { admin, makeDataFolder, startControl } from '../support/administrator.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('openAdministration', () => {
  const place = temporaryFolder();
  let folder: DataFolder;

  beforeEach(async () => {
    folder = await makeDataFolder(join(place(), 'data'));
  });

  const codeOfOpening = async (login: typeof admin | { name: string; password: string }) =>
    openAdministration(folder, login).then(
      () => 'opened',
      (error: unknown) => codeOf(error),
    );

  it('asks the server that runs', async () => {
    const rig = await startControl(folder);
    const administrator = await openAdministration(folder, admin);
    expect(administrator.isLive).toBe(true);
    await administrator.call('user.add', { name: 'anna', password: 'x' });
    expect(rig.accounts.find('anna')).toBeDefined();
    await administrator.close();
    await rig.close();
  });

  it('works on the accounts themselves where no server runs, under the lock, and gives it back', async () => {
    const administrator = await openAdministration(folder, admin);
    expect(administrator.isLive).toBe(false);
    expect(() => FileLock.take(folder.lockFile)).toThrowError(/held by another instance/);
    await administrator.call('user.add', { name: 'anna', password: 'x' });
    writeFileSync(join(folder.docs, 'anna', 'file'), '12345');
    expect((await administrator.call('user.show', { name: 'anna' })).usedBytes).toBe(5);
    expect(await administrator.call('user.recount', { name: 'anna' })).toEqual({ usedBytes: 5 });
    await administrator.close();
    FileLock.take(folder.lockFile).release();
    expect((await AccountFile.open(folder)).find('anna')).toBeDefined();
  });

  it('S3: refuses a wrong name or password, and holds no lock then', async () => {
    expect(await codeOfOpening({ ...admin, password: 'x' })).toBe('E_ADMIN_LOGIN');
    expect(await codeOfOpening({ ...admin, name: 'x' })).toBe('E_ADMIN_LOGIN');
    expect(existsSync(folder.lockFile)).toBe(false);
    const rig = await startControl(folder);
    expect(await codeOfOpening({ ...admin, password: 'x' })).toBe('E_ADMIN_LOGIN');
    await rig.close();
  });

  for (const [name, asked] of [
    ['session.list', {}],
    ['session.kick', { id: 1 }],
    ['ban.list', {}],
    ['ban.lift', { name: 'x' }],
    ['server.reload', {}],
    ['server.stats', {}],
  ] as const) {
    it(`says that no server runs to ${name}`, async () => {
      const administrator = await openAdministration(folder, admin);
      const error = await administrator.call(name, asked as never).catch((thrown: unknown) => thrown);
      expect(codeOf(error)).toBe('E_NOT_RUNNING');
      await administrator.close();
    });
  }

  it('waits for a server that has the lock and is about to answer', async () => {
    const clock = new ManualClock();
    const lock = FileLock.take(folder.lockFile);
    const opened = openAdministration(folder, admin, clock);
    await clock.someoneWaits();
    lock.release();
    const rig = await startControl(folder);
    clock.advance(100);
    const administrator = await opened;
    expect(administrator.isLive).toBe(true);
    await administrator.close();
    await rig.close();
  });

  it('gives up when whoever has the lock does not answer for five seconds', async () => {
    const clock = new ManualClock();
    const lock = FileLock.take(folder.lockFile);
    const opened = openAdministration(folder, admin, clock).catch((thrown: unknown) => thrown);
    await clock.someoneWaits();
    clock.advance(5_000);
    expect(codeOf(await opened)).toBe('E_LOCKED');
    lock.release();
  });

  it('gives the lock back when the accounts cannot be read', async () => {
    writeFileSync(folder.accountsFile, '{');
    expect(await codeOfOpening(admin)).toBe('E_ACCOUNTS_FILE');
    expect(existsSync(folder.lockFile)).toBe(false);
  });
});
