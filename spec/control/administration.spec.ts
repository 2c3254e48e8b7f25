import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import type { Administrator, CallName, UserView } from '../../lib/control/calls.ts';
import { ControlClient } from '../../lib/control/control-client.ts';
import {
  admin,
  type ControlRig,
  idleSession,
  makeDataFolder,
  PretendedServer,
  startControl,
} from '../support/administrator.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSWORD = 'only anna knows';

describe('Administration', () => {
  const place = temporaryFolder();
  let rig: ControlRig;
  let administrator: Administrator;

  beforeEach(async () => {
    const live = new PretendedServer([idleSession, { ...idleSession, id: 2 }, { ...idleSession, id: 3, user: 'bert' }]);
    rig = await startControl(await makeDataFolder(join(place(), 'data')), { live });
    const client = await ControlClient.logIn(rig.folder.controlSocket, admin);
    if (!client) throw new Error('nobody listens');
    administrator = client;
  });
  afterEach(async () => {
    await administrator.close();
    await rig.close();
    expect(rig.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  const addAnna = () => administrator.call('user.add', { name: 'anna', password: PASSWORD, quotaBytes: 1_000 });

  async function codeOfCall(name: string, asked: unknown): Promise<string | undefined> {
    try {
      await administrator.call(name as CallName, asked as never);
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  }

  const audit = () =>
    readFileSync(rig.folder.auditFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('registers a user with a home folder, who can log in at once', async () => {
    const user: UserView = await addAnna();
    expect(user).toEqual(jasmine.objectContaining({ name: 'anna', quotaBytes: 1_000, usedBytes: 0, online: 2 }));
    expect(statSync(join(rig.folder.docs, 'anna')).isDirectory()).toBe(true);
    expect((await rig.accounts.check('anna', PASSWORD))?.quotaBytes).toBe(1_000);
  });

  const NAMES = ['', '.', '..', '../x', 'a/b', 'a\0b', 'a\nb', 'a b', 'x'.repeat(65), 'x'.repeat(300), 'ä', '\u202e'];
  for (const name of NAMES) {
    it(`A2: refuses ${JSON.stringify(name.slice(0, 20))} of ${name.length} as a name, and makes no folder`, async () => {
      const code = await codeOfCall('user.add', { name, password: PASSWORD });
      expect(code).toBe(name === '' ? 'E_REQUEST' : 'E_ACCOUNT_NAME');
      expect(await administrator.call('user.list', {})).toEqual([]);
      expect(existsSync(join(place(), 'x'))).toBe(false);
    });
  }

  it('A2: refuses a name that is taken, also to one of two who ask at once', async () => {
    const asked = { name: 'anna', password: PASSWORD };
    const outcomes = await Promise.all([codeOfCall('user.add', asked), codeOfCall('user.add', asked)]);
    expect(outcomes.sort()).toEqual(['E_ACCOUNT_EXISTS', undefined]);
  });

  for (const [what, name, asked] of [
    ['a field that is not known', 'user.add', { name: 'a', password: 'b', qouta: 1 }],
    ['no password', 'user.add', { name: 'a' }],
    ['a password that is a number', 'user.add', { name: 'a', password: 1 }],
    ['a quota that is a text', 'user.add', { name: 'a', password: 'b', quotaBytes: '10M' }],
    ['a quota below 0', 'user.add', { name: 'a', password: 'b', quotaBytes: -1 }],
    ['a quota that no number can hold', 'user.add', { name: 'a', password: 'b', quotaBytes: 2 ** 60 }],
    ['no rights at all', 'user.add', { name: 'a', password: 'b', permissions: [] }],
    ['rights that are not known', 'user.add', { name: 'a', password: 'b', permissions: ['read', 'root'] }],
    ['a limit that is not known', 'user.add', { name: 'a', password: 'b', limits: { files: 1 } }],
    ['no sessions at all', 'user.add', { name: 'a', password: 'b', limits: { sessions: 0 } }],
    ['addresses that are none', 'user.add', { name: 'a', password: 'b', limits: { addresses: ['example'] } }],
    ['a list instead of an object', 'user.show', { name: ['a'] }],
    ['arguments where there are none', 'user.list', { all: true }],
    ['both session and user', 'session.kick', { id: 'x', user: 'anna' }],
    ['neither session nor user', 'session.kick', {}],
    ['no lines', 'server.log', { lines: 0 }],
    ['more lines than there are to be read', 'server.log', { lines: 10_001 }],
  ] as const) {
    it(`refuses ${what} for ${name}`, async () => {
      expect(await codeOfCall(name, asked)).toMatch(/^E_REQUEST$|^undefined$/);
      expect(await administrator.call('user.list', {})).toEqual([]);
    });
  }

  for (const [name, asked] of [
    ['user.show', { name: 'nobody' }],
    ['user.remove', { name: 'nobody', purge: true }],
    ['user.password', { name: 'nobody', password: 'x' }],
    ['user.change', { name: 'nobody', quotaBytes: 1 }],
    ['user.recount', { name: '../x' }],
  ] as const) {
    it(`says that there is no such user to ${name}`, async () => {
      expect(await codeOfCall(name, asked)).toBe('E_ACCOUNT_MISSING');
    });
  }

  it('A3: removes a user, ends the sessions and keeps the files', async () => {
    await addAnna();
    writeFileSync(join(rig.folder.docs, 'anna', 'file'), 'kept');
    const removal = await administrator.call('user.remove', { name: 'anna', purge: false });
    expect(removal).toEqual({ endedSessions: 2, home: join(rig.folder.docs, 'anna'), isPurged: false });
    expect(await rig.accounts.check('anna', PASSWORD)).toBeUndefined();
    expect(rig.live.sessions().map(({ id }) => id)).toEqual([3]);
    expect(readFileSync(join(removal.home, 'file'), 'utf8')).toBe('kept');
  });

  it('A3: removes the files when told to, and nothing that links in them lead to', async () => {
    await addAnna();
    const outside = join(place(), 'outside');
    mkdirSync(join(outside, 'sub'), { recursive: true });
    writeFileSync(join(outside, 'file'), 'kept');
    const home = join(rig.folder.docs, 'anna');
    mkdirSync(join(home, 'deep', 'er'), { recursive: true });
    symlinkSync(outside, join(home, 'deep', 'link'));
    symlinkSync(join(outside, 'file'), join(home, 'link'));
    await administrator.call('user.remove', { name: 'anna', purge: true });
    expect(existsSync(home)).toBe(false);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('kept');
    expect(existsSync(join(outside, 'sub'))).toBe(true);
  });

  it('A3: takes away a home that is a link, and not what it leads to', async () => {
    const outside = join(place(), 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'kept');
    symlinkSync(outside, join(rig.folder.docs, 'anna'));
    await addAnna();
    await administrator.call('user.remove', { name: 'anna', purge: true });
    expect(existsSync(join(rig.folder.docs, 'anna'))).toBe(false);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('kept');
  });

  it('A3: leaves the files of a user who is registered anew while those of the one before are being removed', async () => {
    await addAnna();
    const home = join(rig.folder.docs, 'anna');
    // So that it takes its time.
    for (let index = 0; index < 2_000; index += 1) writeFileSync(join(home, `old ${index}`), '');
    const removal = administrator.call('user.remove', { name: 'anna', purge: true });
    while (rig.accounts.user('anna') !== undefined) await new Promise((resolve) => setImmediate(resolve));
    await rig.accounts.add('anna', 'another');
    writeFileSync(join(home, 'new'), 'kept');
    expect((await removal).isPurged).toBe(true);
    expect(readdirSync(home)).toEqual(['new']);
    expect(readdirSync(rig.folder.docs)).toEqual(['anna']);
  });

  it('A3: removes a user without a home as well', async () => {
    await addAnna();
    rmdirSync(join(rig.folder.docs, 'anna'));
    expect((await administrator.call('user.remove', { name: 'anna', purge: true })).isPurged).toBe(true);
    expect(rig.accounts.user('anna')).toBeUndefined();
  });

  it('A3: says where the files are that cannot be removed; the user is, and the sessions are ended', async () => {
    const home = join(rig.folder.docs, 'anna');
    const disk = makeSmallDisk(home, 64);
    try {
      await addAnna();
      if (!disk.isShared) pending('no file system of its own can be mounted here');
      writeFileSync(join(home, 'file'), 'kept');
      const removal = administrator.call('user.remove', { name: 'anna', purge: true });
      await expectAsync(removal).toBeRejectedWith(jasmine.objectContaining({ code: 'E_HOME_LEFT' }));
      await expectAsync(removal).toBeRejectedWithError(
        `The files of a user who was removed are left in ${home}: the system says EBUSY; remove them yourself`,
      );
      expect(rig.accounts.user('anna')).toBeUndefined();
      expect(rig.live.sessions().map(({ id }) => id)).toEqual([3]);
      expect(audit().at(-1).outcome).toBe('E_HOME_LEFT');
    } finally {
      disk.dispose();
    }
  });

  it('A5: sets a quota below what is used, which holds at once', async () => {
    await addAnna();
    rig.live.used.set('anna', 500);
    const user = await administrator.call('user.change', { name: 'anna', quotaBytes: 100 });
    expect(user).toEqual(jasmine.objectContaining({ quotaBytes: 100, usedBytes: 500 }));
    expect(rig.accounts.find('anna')?.quotaBytes).toBe(100);
    await administrator.call('user.change', { name: 'anna', quotaBytes: null });
    expect(rig.accounts.find('anna')?.quotaBytes).toBeUndefined();
  });

  it('changes the limits that are named and leaves the others', async () => {
    await addAnna();
    await administrator.call('user.change', { name: 'anna', limits: { sessions: 2, addresses: ['192.0.2.0/24'] } });
    await administrator.call('user.change', { name: 'anna', limits: { sessions: null, uploadBytesPerSecond: 5 } });
    expect(rig.accounts.find('anna')?.limits).toEqual({ addresses: ['192.0.2.0/24'], uploadBytesPerSecond: 5 });
  });

  it('loses none of two changes of limits that come at once', async () => {
    await addAnna();
    const other = await ControlClient.logIn(rig.folder.controlSocket, admin);
    await Promise.all([
      administrator.call('user.change', { name: 'anna', limits: { sessions: 2 } }),
      other?.call('user.change', { name: 'anna', limits: { uploadBytesPerSecond: 5 } }),
    ]);
    await other?.close();
    expect(rig.accounts.find('anna')?.limits).toEqual({ sessions: 2, uploadBytesPerSecond: 5 });
  });

  it('disables a user, which ends the sessions, and enables again', async () => {
    await addAnna();
    const user = await administrator.call('user.change', { name: 'anna', isEnabled: false });
    expect([user.isEnabled, user.online]).toEqual([false, 0]);
    expect(await rig.accounts.check('anna', PASSWORD)).toBeUndefined();
    await administrator.call('user.change', { name: 'anna', isEnabled: true });
    expect(await rig.accounts.check('anna', PASSWORD)).toBeDefined();
  });

  it('gives a user another password', async () => {
    await addAnna();
    await administrator.call('user.password', { name: 'anna', password: 'another' });
    expect(await rig.accounts.check('anna', PASSWORD)).toBeUndefined();
    expect(await rig.accounts.check('anna', 'another')).toBeDefined();
  });

  it('S3: gives the administrator another name and password', async () => {
    await administrator.call('admin.password', { password: 'new password' });
    await administrator.call('admin.rename', { name: 'root' });
    const { controlSocket, accountsFile } = rig.folder;
    await expectAsync(ControlClient.logIn(controlSocket, admin)).toBeRejectedWithError(/wrong/);
    const next = await ControlClient.logIn(controlSocket, { name: 'root', password: 'new password' });
    expect(next).toBeDefined();
    await next?.close();
    expect(readFileSync(accountsFile, 'utf8')).not.toContain('new password');
  });

  it('ends a session by its number, and all of a user, and says so when there is none', async () => {
    expect(await administrator.call('session.kick', { id: 1 })).toEqual({ ended: 1 });
    expect(await administrator.call('session.kick', { user: 'bert' })).toEqual({ ended: 1 });
    expect(await codeOfCall('session.kick', { user: 'bert' })).toBe('E_NOT_THERE');
    expect(await codeOfCall('session.kick', { id: 1 })).toBe('E_NOT_THERE');
  });

  it('lifts a ban, and says so when there is none', async () => {
    expect(await administrator.call('ban.lift', { name: '192.0.2.7' })).toEqual({ lifted: ['address'] });
    expect(await codeOfCall('ban.lift', { name: 'anna' })).toBe('E_NOT_THERE');
    expect(await administrator.call('ban.list', {})).toHaveSize(1);
  });

  it('tells what is wrong with settings that were to be read again', async () => {
    rig.live.problems = ['port: must be a number'];
    expect(await administrator.call('server.reload', {})).toEqual({ problems: ['port: must be a number'] });
  });

  it('writes users out and takes them in, with their passwords', async () => {
    await addAnna();
    const { accounts } = await administrator.call('accounts.dump', {});
    await administrator.call('user.remove', { name: 'anna', purge: false });
    await administrator.call('user.add', { name: 'bert', password: 'x' });
    expect(await administrator.call('accounts.load', { accounts })).toEqual({ users: 1 });
    expect((await rig.accounts.check('anna', PASSWORD))?.quotaBytes).toBe(1_000);
    expect((await administrator.call('user.list', {})).map(({ name }) => name)).toEqual(['anna', 'bert']);
  });

  it('ends the sessions of a user in whose place another one of the name is taken in, and no others', async () => {
    await addAnna();
    await rig.accounts.add('bert', 'x');
    const { accounts } = await administrator.call('accounts.dump', {});
    await administrator.call('accounts.load', { accounts });
    expect(rig.live.sessions()).toHaveSize(3);
    const [anna, ...others] = (accounts as { users: readonly object[] }).users;
    const users = [{ ...anna, created: '2020-01-01T00:00:00.000Z' }, ...others];
    await administrator.call('accounts.load', { accounts: { ...(accounts as object), users } });
    expect(rig.live.sessions().map(({ user }) => user)).toEqual(['bert']);
  });

  for (const accounts of [null, 1, [], {}, { version: 1, users: [{ name: '../x' }] }]) {
    it(`does not take in ${JSON.stringify(accounts)}`, async () => {
      expect(await codeOfCall('accounts.load', { accounts })).toBe('E_ACCOUNTS_FILE');
    });
  }

  it('writes down who did what and when, what was refused as well, and never a password', async () => {
    await addAnna();
    await codeOfCall('user.add', { name: 'anna', password: PASSWORD });
    await codeOfCall('user.add', { name: 'bert', password: { secret: PASSWORD } });
    const { accounts } = await administrator.call('accounts.dump', {});
    await administrator.call('accounts.load', { accounts });
    await ControlClient.logIn(rig.folder.controlSocket, { name: PASSWORD, password: PASSWORD }).catch(() => undefined);
    const lines = audit();
    expect(lines.map(({ administrator: who, action, name, outcome }) => [who, action, name, outcome])).toEqual([
      ['admin', 'user.add', 'anna', 'done'],
      ['admin', 'user.add', 'anna', 'E_ACCOUNT_EXISTS'],
      ['admin', 'user.add', undefined, 'E_REQUEST'],
      ['admin', 'accounts.dump', undefined, 'done'],
      ['admin', 'accounts.load', undefined, 'done'],
      ['?', 'login', undefined, 'E_ADMIN_LOGIN'],
    ]);
    expect(lines.every(({ time }) => Math.abs(Date.parse(time) - Date.now()) < 60_000)).toBe(true);
    const text = readFileSync(rig.folder.auditFile, 'utf8');
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain('scrypt');
    expect(statSync(rig.folder.auditFile).mode & 0o777).toBe(0o600);
  });

  it('keeps a line of the audit one line, whatever is asked for', async () => {
    await codeOfCall('user.show', { name: 'a\nb\u2028c' });
    expect(audit().map(({ name }) => name)).toContain('a\nb c');
  });
});
