import { mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { type DataFolder, dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('The last login of a user', () => {
  const folder = temporaryFolder();
  const hasher = new PasswordHasher(1);
  let clock: ManualClock;
  let data: DataFolder;

  beforeEach(async () => {
    clock = new ManualClock();
    data = dataFolderAt(folder());
    mkdirSync(data.docs);
    await AccountFile.create(data, { name: 'admin', password: 'password' }, hasher);
  });

  const open = () => AccountFile.open(data, { hasher, clock });
  const content = () => JSON.parse(readFileSync(data.accountsFile, 'utf8'));

  it('is told at once, and those of ten seconds are written together', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    await accounts.add('v', '1');
    const before = statSync(data.accountsFile).ino;
    accounts.noteLogin('u');
    const at = clock.now();
    expect(accounts.user('u')?.lastLoginMs).toBe(at);
    clock.advance(5_000);
    accounts.noteLogin('v');
    accounts.noteLogin('nobody');
    expect(statSync(data.accountsFile).ino).toBe(before);
    clock.advance(5_000);
    await new Promise((resolve) => setImmediate(resolve));
    // Saved behind those.
    await accounts.change('u', {});
    expect(content().users.map((user: { lastLogin: string }) => Date.parse(user.lastLogin))).toEqual([at, at + 5_000]);
    accounts.noteLogin('u');
    await accounts.close();
    expect((await open()).user('u')?.lastLoginMs).toBe(clock.now());
  });

  it('is written without another one to come, also of whoever comes while others are being written', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    await accounts.add('v', '1');
    accounts.noteLogin('u');
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    // That save is under way now.
    accounts.noteLogin('v');
    const at = clock.now();
    await accounts.change('u', {});
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    await accounts.change('u', {});
    expect(content().users[1].lastLogin).toBe(new Date(at).toISOString());
  });

  it('is written with the next one when it could not be', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    await accounts.add('v', '1');
    // In the way of the new content, also for root.
    mkdirSync(`${data.accountsFile}.new`);
    accounts.noteLogin('u');
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    await expectAsync(accounts.change('u', {})).toBeRejectedWith(jasmine.objectContaining({ code: 'E_ACCOUNTS_SAVE' }));
    rmdirSync(`${data.accountsFile}.new`);
    accounts.noteLogin('v');
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
    await accounts.change('u', {});
    expect(content().users.map((user: { lastLogin: string | null }) => user.lastLogin)).not.toContain(null);
  });

  it('is not that of another one who is taken in under the name', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    const another = accounts.exportAll().replace(/"created": "[^"]+"/, '"created": "2020-01-01T00:00:00.000Z"');
    accounts.noteLogin('u');
    await accounts.importUsers(accounts.exportAll());
    expect(accounts.user('u')?.lastLoginMs).toBe(clock.now());
    await accounts.importUsers(another);
    expect(accounts.user('u')?.lastLoginMs).toBeNull();
    await accounts.close();
    expect((await open()).user('u')?.lastLoginMs).toBeNull();
  });

  it('is not that of another one who was registered under the name when the first was removed', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    accounts.noteLogin('u');
    await accounts.remove('u');
    clock.advance(1);
    await accounts.add('u', '1');
    expect(accounts.user('u')?.lastLoginMs).toBeNull();
  });
});
