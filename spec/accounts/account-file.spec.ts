import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { AccountLimits } from '../../lib/accounts/account.ts';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { AccountsError, type AccountsErrorCode } from '../../lib/accounts/accounts-error.ts';
import { type DataFolder, dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HASH = `$scrypt$ln=1,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

describe('AccountFile', () => {
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

  async function expectRefused(work: Promise<unknown>, code: AccountsErrorCode): Promise<string> {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(AccountsError);
    expect(error instanceof AccountsError && error.code).toBe(code);
    return error instanceof Error ? error.message : '';
  }

  it('A2: lets in a user who was registered, from the folder of that name, until the user is removed', async () => {
    const accounts = await open();
    await accounts.add('zhangsan', '123', { quotaBytes: 1_000 });
    const home = `${data.docs}/zhangsan`;
    const account = jasmine.objectContaining({ name: 'zhangsan', home, quotaBytes: 1_000 });
    expect(await accounts.check('zhangsan', '123')).toEqual(account);
    expect(accounts.find('zhangsan')).toEqual(account);
    expect(await accounts.check('zhangsan', '1234')).toBeUndefined();
    expect(await accounts.check('Zhangsan', '123')).toBeUndefined();
    await accounts.remove('zhangsan');
    expect(await accounts.check('zhangsan', '123')).toBeUndefined();
    expect(accounts.find('zhangsan')).toBeUndefined();
    expect(existsSync(home)).toBeTrue();
  });

  it('S4: makes the home folder with the registration, for owner and group, and takes one that is there', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    expect(statSync(accounts.homeOf('u')).mode & 0o777).toBe(0o750);
    mkdirSync(accounts.homeOf('v'));
    writeFileSync(`${accounts.homeOf('v')}/kept`, '');
    await accounts.add('v', '1');
    expect(existsSync(`${accounts.homeOf('v')}/kept`)).toBeTrue();
  });

  it('S6: finds all again after it was closed', async () => {
    const accounts = await open();
    const limits = { sessions: 2, uploadBytesPerSecond: 1_000, addresses: ['192.0.2.0/24'] };
    await accounts.add('a', '1', { permissions: ['read'], limits, quotaBytes: 5 });
    await accounts.add('b', '2', { isEnabled: false });
    await accounts.close();
    const again = await open();
    expect(again.users()).toEqual(accounts.users());
    expect(again.users()).toEqual([
      {
        ...{ name: 'a', quotaBytes: 5, permissions: ['read'], isEnabled: true, limits },
        ...{ createdMs: clock.now(), lastLoginMs: null },
      },
      {
        ...{ name: 'b', quotaBytes: null, permissions: ['read', 'write'], isEnabled: false, limits: {} },
        ...{ createdMs: clock.now(), lastLoginMs: null },
      },
    ]);
    expect(await again.check('a', '1')).toBeDefined();
  });

  it('threat 41: is readable by its owner only, and holds no password', async () => {
    const accounts = await open();
    await accounts.add('u', 'a secret password');
    expect(statSync(data.accountsFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(data.accountsFile)).mode & 0o777).toBe(0o700);
    expect(readFileSync(data.accountsFile, 'utf8')).not.toContain('a secret');
    expect(JSON.stringify(accounts.users())).not.toContain('scrypt');
  });

  it('S3: knows the administrator by name and password, and both can be changed', async () => {
    const accounts = await open();
    expect(await accounts.checkAdministrator('admin', 'password')).toBeTrue();
    expect(await accounts.checkAdministrator('admin', 'Password')).toBeFalse();
    expect(await accounts.checkAdministrator('root', 'password')).toBeFalse();
    await accounts.setAdministrator({ name: 'root' });
    expect(accounts.administratorName).toBe('root');
    expect(await accounts.checkAdministrator('root', 'password')).toBeTrue();
    await accounts.setAdministrator({ password: 'other' });
    expect(await (await open()).checkAdministrator('root', 'other')).toBeTrue();
    expect(await accounts.checkAdministrator('root', 'password')).toBeFalse();
    // The administrator is no user.
    expect(await accounts.check('root', 'other')).toBeUndefined();
  });

  it('does not let in who is disabled, and lets in again who is enabled', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    await accounts.change('u', { isEnabled: false });
    expect([await accounts.check('u', '1'), accounts.find('u')]).toEqual([undefined, undefined]);
    await accounts.change('u', { isEnabled: true });
    expect(await accounts.check('u', '1')).toBe(accounts.find('u'));
  });

  it('A5: tells a changed quota at once, and none when it is taken away', async () => {
    const accounts = await open();
    await accounts.add('u', '1', { quotaBytes: 10 });
    await accounts.change('u', { quotaBytes: 3 });
    expect(accounts.find('u')?.quotaBytes).toBe(3);
    await accounts.change('u', { quotaBytes: null });
    expect(accounts.find('u')).not.toEqual(jasmine.objectContaining({ quotaBytes: jasmine.anything() }));
  });

  it('changes a password', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    await accounts.setPassword('u', '2');
    expect([await accounts.check('u', '1'), (await accounts.check('u', '2'))?.name]).toEqual([undefined, 'u']);
  });

  for (const name of ['', '.', '..', '../x', 'a/b', 'a b', 'a\0', 'a\n', 'ä', 'x'.repeat(65), 'x'.repeat(300)]) {
    it(`A2: refuses the name ${JSON.stringify(name)}, and shows no control character`, async () => {
      const accounts = await open();
      const message = await expectRefused(accounts.add(name, '1'), 'E_ACCOUNT_NAME');
      expect(message).toMatch(/^The name "[^\p{Cc}]*" must be 1 to 64 letters/u);
      await expectRefused(accounts.setAdministrator({ name }), 'E_ACCOUNT_NAME');
    });
  }

  for (const name of ['a', 'A.b_c-d@e+f', '...', 'x'.repeat(64)]) {
    it(`takes the name ${name}`, async () => {
      const accounts = await open();
      await accounts.add(name, '1');
      expect((await (await open()).check(name, '1'))?.name).toBe(name);
    });
  }

  for (const password of ['', 'a\nb', 'a\rb', 'a\0b', 'x'.repeat(513)]) {
    it(`refuses the password ${JSON.stringify(password.slice(0, 9))} of ${password.length} without showing it`, async () => {
      const accounts = await open();
      await accounts.add('u', '1');
      const message = await expectRefused(accounts.add('v', password), 'E_PASSWORD');
      expect(message).toMatch(/^A password must be 1 to 512 characters/);
      await expectRefused(accounts.setPassword('u', password), 'E_PASSWORD');
      await expectRefused(accounts.setAdministrator({ password }), 'E_PASSWORD');
    });
  }

  it('refuses a second user of one name, also when both come at once', async () => {
    const accounts = await open();
    // Whichever password is hashed first.
    const both = await Promise.allSettled([accounts.add('u', '1'), accounts.add('u', '1')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expectRefused(accounts.add('u', '3'), 'E_ACCOUNT_EXISTS');
    expect((await accounts.check('u', '1'))?.name).toBe('u');
  });

  it('refuses a name that differs in capitals only: on some disks both would have one home', async () => {
    const accounts = await open();
    await accounts.add('anna', '1');
    const exported = accounts.exportAll();
    expect(await expectRefused(accounts.add('Anna', '2'), 'E_ACCOUNT_EXISTS')).toBe('There is a user anna already');
    await expectRefused(accounts.importUsers(exported.replace('"anna"', '"ANNA"')), 'E_ACCOUNT_EXISTS');
    expect(accounts.users().map(({ name }) => name)).toEqual(['anna']);
    await accounts.importUsers(exported);
    await accounts.remove('anna');
    await accounts.importUsers(exported.replace('"anna"', '"ANNA"'));
    expect(accounts.users().map(({ name }) => name)).toEqual(['ANNA']);
  });

  it('refuses to change who is not there', async () => {
    const accounts = await open();
    await expectRefused(accounts.change('u', {}), 'E_ACCOUNT_MISSING');
    await expectRefused(accounts.setPassword('u', '1'), 'E_ACCOUNT_MISSING');
    await expectRefused(accounts.remove('u'), 'E_ACCOUNT_MISSING');
  });

  it('hashes a password anew at the login when hashes cost something else by now', async () => {
    await (await open()).add('u', '1');
    const before = content().users[0].password;
    const accounts = await AccountFile.open(data, { hasher: new PasswordHasher(2), clock });
    expect(await accounts.check('u', 'wrong')).toBeUndefined();
    expect(content().users[0].password).toBe(before);
    expect(await accounts.check('u', '1')).toBeDefined();
    expect(content().users[0].password).toMatch(/^\$scrypt\$ln=2,/);
    expect(await accounts.check('u', '1')).toBeDefined();
  });

  it('keeps all of two changes that depend on what was there before, when they come at once', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    const set = (limits: AccountLimits) =>
      accounts.change('u', (before) => ({ limits: { ...before.limits, ...limits } }));
    await Promise.all([set({ sessions: 2 }), set({ uploadBytesPerSecond: 3 })]);
    expect(accounts.find('u')?.limits).toEqual({ sessions: 2, uploadBytesPerSecond: 3 });
  });

  it('registers nobody of the name of a user who was removed before what is to go with that user has gone', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    const steps: string[] = [];
    let tellAsked = () => {};
    const asked = new Promise<void>((resolve) => (tellAsked = resolve));
    const removed = accounts.remove('u', async () => {
      steps.push(accounts.user('u') === undefined ? 'removed' : 'still there');
      await asked;
      // The administrator waits for nobody's turn: behind three such saves the registration has done all it can do by now.
      for (let saves = 0; saves < 3; saves += 1) await accounts.setAdministrator({ name: 'root', password: '3' });
      steps.push(accounts.user('u') === undefined ? 'cleared away' : 'registered');
    });
    await Promise.all([removed, accounts.add('v', '1'), addWhenFree()]);
    expect(steps).toEqual(['removed', 'cleared away', 'free again']);

    async function addWhenFree(): Promise<void> {
      while (accounts.user('u') !== undefined) await new Promise((resolve) => setImmediate(resolve));
      const added = accounts.add('u', '2');
      tellAsked();
      await added;
      steps.push('free again');
    }
  });

  it('does not let in whose password was that of another user of the name, who was removed meanwhile', async () => {
    let go = () => {};
    const held = new Promise<void>((resolve) => (go = resolve));
    class HeldHasher extends PasswordHasher {
      override async check(password: string, hash: string | undefined): Promise<boolean> {
        const isRight = await super.check(password, hash);
        await held;
        return isRight;
      }
    }
    const accounts = await AccountFile.open(data, { hasher: new HeldHasher(1), clock });
    await accounts.add('u', 'of before');
    const login = accounts.check('u', 'of before');
    await accounts.remove('u');
    clock.advance(1);
    await accounts.add('u', 'another');
    go();
    expect(await login).toBeUndefined();
    expect((await accounts.check('u', 'another'))?.name).toBe('u');
  });

  it('is not made where there is one already', async () => {
    const before = readFileSync(data.accountsFile, 'utf8');
    await expectRefused(AccountFile.create(data, { name: 'b', password: '1' }, hasher), 'E_ACCOUNTS_FILE');
    expect(readFileSync(data.accountsFile, 'utf8')).toBe(before);
  });

  it('refuses a user whose folder cannot be made', async () => {
    const accounts = await AccountFile.open({ ...data, docs: `${folder()}/missing` }, { hasher });
    expect(await expectRefused(accounts.add('u', '1'), 'E_ACCOUNTS_SAVE')).toMatch(/missing\/u: ENOENT/);
    expect(accounts.users()).toEqual([]);
  });

  it('shows a name that is refused as it would be written between quotes', async () => {
    const message = await expectRefused((await open()).add('a\nb"', '1'), 'E_ACCOUNT_NAME');
    expect(message).toContain('The name "a\\nb\\"" must be');
  });

  it('has changed nothing when it cannot be saved', async () => {
    const accounts = await open();
    await accounts.add('u', '1', { quotaBytes: 1 });
    mkdirSync(accounts.homeOf('w'));
    // In the way of the new content, also for root.
    mkdirSync(`${data.accountsFile}.new`);
    expect(await expectRefused(accounts.change('u', { quotaBytes: 2 }), 'E_ACCOUNTS_SAVE')).toMatch(/EISDIR/);
    expect(accounts.find('u')?.quotaBytes).toBe(1);
    expect(content().users[0].quota).toBe(1);
    // Nor a home that was not there.
    for (const name of ['v', 'w']) await expectRefused(accounts.add(name, '1'), 'E_ACCOUNTS_SAVE');
    expect([existsSync(accounts.homeOf('v')), existsSync(accounts.homeOf('w'))]).toEqual([false, true]);
  });

  const user = {
    ...{ name: 'u', password: HASH, quota: null, permissions: [], enabled: true, limits: {} },
    ...{ created: '2026-11-21T08:00:00.000Z', lastLogin: null },
  };
  const broken: Readonly<Record<string, [content: unknown, problem: RegExp]>> = {
    'half a file': ['{"version":1,"users":[{"name":"secret', /it is no JSON/],
    'an empty file': ['', /it is no JSON/],
    'a later version': [{ version: 2, users: {} }, /it is of version 2, and this program knows only version 1/],
    'no version': [{}, /it is of version undefined/],
    'a list': [[], /the file must be an object/],
    'a word nobody knows': [{ groups: [] }, /the file has "groups", which is not known here/],
    'no administrator': [{ administrator: undefined }, /administrator must be an object/],
    'users that are no list': [{ users: {} }, /users must be a list/],
    'a damaged hash': [{ users: [{ ...user, password: 'x' }] }, /users\[0\]\.password must be a hash/],
    'a name that leads elsewhere': [{ users: [{ ...user, name: '../u' }] }, /users\[0\]\.name must be/],
    'two users of a name': [{ users: [user, user] }, /there are two users u/],
    'a quota that is none': [
      { users: [{ ...user, quota: -1 }] },
      /users\[0\]\.quota must be a number of bytes, or null/,
    ],
    'an unknown right': [{ users: [{ ...user, permissions: ['all'] }] }, /users\[0\]\.permissions must be/],
    'no word on being enabled': [{ users: [{ ...user, enabled: 'yes' }] }, /users\[0\]\.enabled must be true or false/],
    'a limit that is none': [{ users: [{ ...user, limits: { sessions: 'two' } }] }, /limits\.sessions must be a whole/],
    'addresses that are none': [{ users: [{ ...user, limits: { addresses: '::1' } }] }, /limits\.addresses must be/],
    'an unknown limit': [{ users: [{ ...user, limits: { hours: 1 } }] }, /limits has "hours"/],
    'a time that is none': [{ users: [{ ...user, created: 'today' }] }, /users\[0\]\.created must be a time/],
  };
  for (const [what, [given, problem]] of Object.entries(broken)) {
    it(`S6: says in one line what is wrong with ${what}, shows no secret, and leaves the file as it is`, async () => {
      const whole = { version: 1, administrator: { name: 'a', password: HASH }, users: [user] };
      const isPart = typeof given === 'object' && !Array.isArray(given) && Object.keys(given ?? {}).length > 0;
      const text = typeof given === 'string' ? given : JSON.stringify(isPart ? { ...whole, ...given } : given);
      writeFileSync(data.accountsFile, text);
      const message = await expectRefused(open(), 'E_ACCOUNTS_FILE');
      expect(message).toMatch(problem);
      expect(message).toMatch(
        /^Cannot use .*accounts\.json: .*; mend it or put a copy in its place; nothing was changed$/,
      );
      expect(message).not.toContain('secret');
      expect(readFileSync(data.accountsFile, 'utf8')).toBe(text);
    });
  }

  it('says in one line that the file is not there', async () => {
    const accountsFile = `${folder()}/none`;
    const message = await expectRefused(AccountFile.open({ ...data, accountsFile }), 'E_ACCOUNTS_FILE');
    expect(message).toBe(`Cannot read ${accountsFile}: there is no such file or folder`);
  });

  it('S6: keeps all of the changes that come together, in the order they came', async () => {
    const accounts = await open();
    await accounts.add('u', '1');
    const quotas = Array.from({ length: 30 }, (_, quotaBytes) => quotaBytes);
    const changes = quotas.map((quotaBytes) => accounts.change('u', { quotaBytes }));
    await Promise.all([...changes, expectRefused(accounts.change('nobody', {}), 'E_ACCOUNT_MISSING')]);
    expect(content().users[0].quota).toBe(29);
  });
});
