import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import type { Administrator } from '../../lib/control/calls.ts';
import { ControlClient } from '../../lib/control/control-client.ts';
import {
  admin,
  type ControlRig,
  idleSession,
  makeDataFolder,
  PretendedServer,
  startControl,
} from '../support/administrator.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { failToSyncFolders } from '../support/unsynced-folders.ts';

// A change that the disk has not promised to keep holds all the same, in memory and in the file.
describe('Administration on a disk that does not say that it keeps the accounts', () => {
  const place = temporaryFolder();
  let rig: ControlRig;
  let administrator: Administrator;

  beforeEach(async () => {
    const live = new PretendedServer([idleSession, { ...idleSession, id: 2, user: 'bert' }]);
    rig = await startControl(await makeDataFolder(join(place(), 'data')), { live });
    const client = await ControlClient.logIn(rig.folder.controlSocket, admin);
    if (!client) throw new Error('nobody listens');
    administrator = client;
    for (const name of ['anna', 'bert']) await administrator.call('user.add', { name, password: 'x' });
  });
  afterEach(async () => {
    await administrator.close();
    await rig.close();
  });

  async function expectUnsynced(call: Promise<unknown>): Promise<void> {
    const unsynced = jasmine.objectContaining({
      code: 'E_UNSYNCED',
      message: jasmine.stringMatching(/was written, but/),
    });
    await expectAsync(call).toBeRejectedWith(unsynced);
    expect(JSON.parse(readFileSync(rig.folder.auditFile, 'utf8').trim().split('\n').at(-1) ?? '').outcome).toBe(
      'E_UNSYNCED',
    );
  }

  const online = () => rig.live.sessions().map(({ user }) => user);

  it('A3: ends the sessions of a user who was removed, and says how it stands', async () => {
    await failToSyncFolders();
    await expectUnsynced(administrator.call('user.remove', { name: 'anna', purge: false }));
    expect((await AccountFile.open(rig.folder)).user('anna')).toBeUndefined();
    expect(online()).toEqual(['bert']);
    expect(existsSync(join(rig.folder.docs, 'anna'))).toBeTrue();
  });

  it('A3: removes the files as well when told to: nobody of that name may find them', async () => {
    await failToSyncFolders();
    await expectUnsynced(administrator.call('user.remove', { name: 'anna', purge: true }));
    expect(online()).toEqual(['bert']);
    expect(readdirSync(rig.folder.docs)).toEqual(['bert']);
  });

  it('ends the sessions of a user who was disabled', async () => {
    await failToSyncFolders();
    await expectUnsynced(administrator.call('user.change', { name: 'bert', isEnabled: false }));
    expect(rig.accounts.find('bert')).toBeUndefined();
    expect(online()).toEqual(['anna']);
  });

  it('ends the sessions of a user in whose place another one is taken in', async () => {
    const { accounts } = await administrator.call('accounts.dump', {});
    const [anna, bert] = (accounts as { users: readonly object[] }).users;
    const users = [{ ...anna, created: '2020-01-01T00:00:00.000Z' }, bert];
    await failToSyncFolders();
    await expectUnsynced(administrator.call('accounts.load', { accounts: { ...(accounts as object), users } }));
    expect(online()).toEqual(['bert']);
  });
});
