import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { DataFolder } from '../../lib/accounts/data-folder.ts';
import type { Administrator, Finding } from '../../lib/control/calls.ts';
import { openAdministration } from '../../lib/control/open-administration.ts';
import { admin, makeDataFolder, PretendedServer, startControl } from '../support/administrator.ts';
import { makeCertificate } from '../support/foreign/openssl.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('server.check', () => {
  const place = temporaryFolder();
  let folder: DataFolder;

  beforeEach(async () => {
    folder = await makeDataFolder(join(place(), 'data'));
    settings({ listen: '127.0.0.1', port: 0 });
  });

  const settings = (content: unknown) =>
    writeFileSync(folder.configFile, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });

  async function findings(): Promise<readonly Finding[]> {
    const administrator = await openAdministration(folder, admin);
    try {
      return await administrator.call('server.check', {});
    } finally {
      await administrator.close();
    }
  }

  const messages = (found: readonly Finding[]) => found.filter(({ isWell }) => !isWell).map(({ message }) => message);
  const wrong = async () => messages(await findings());
  const wrongOf = async (administrator: Administrator) => messages(await administrator.call('server.check', {}));

  it('finds nothing wrong in a folder as it was made', async () => {
    expect(await wrong()).toEqual([]);
    expect((await findings()).length).toBeGreaterThan(6);
  });

  it('finds a port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const bound = other.address();
    const port = typeof bound === 'object' ? bound?.port : 0;
    settings({ port });
    expect(await wrong()).toEqual([
      `the server could not listen on 127.0.0.1 port ${port}: another program listens there`,
    ]);
    other.close();
  });

  it('finds secrets that others can read', async () => {
    chmodSync(folder.accountsFile, 0o644);
    expect(await wrong()).toEqual([`others can use ${folder.accountsFile}: take the right from them with chmod go=`]);
  });

  it('finds settings that cannot be read', async () => {
    settings('{');
    expect(await wrong()).toEqual([`${folder.configFile} is no JSON`]);
    settings('[]');
    expect(await wrong()).toEqual([`${folder.configFile} must be a JSON object`]);
    rmSync(folder.configFile);
    expect((await wrong()).join('\n')).toContain(`${folder.configFile} cannot be read`);
  });

  it('finds a disk that takes no changes, where somebody may write on it', async () => {
    rmSync(folder.docs, { recursive: true });
    const disk = makeSmallDisk(folder.docs, 64);
    try {
      if (!disk.isShared) pending('no file system of its own can be mounted here');
      const administrator = await openAdministration(folder, admin);
      await administrator.call('user.add', { name: 'anna', password: 'x', permissions: ['read'] });
      disk.takeNoChanges();
      expect(await wrongOf(administrator)).toEqual([]);
      await administrator.call('user.change', { name: 'anna', permissions: ['read', 'write'] });
      expect(await wrongOf(administrator)).toEqual([`${folder.docs} cannot be written: the system says EROFS`]);
      await administrator.close();
    } finally {
      disk.dispose();
    }
  });

  it('finds a folder that is missing', async () => {
    renameSync(folder.docs, `${folder.docs}.away`);
    expect(await wrong()).toEqual([`${folder.docs} cannot be written: the system says ENOENT`]);
  });

  it('finds homes that are no folders', async () => {
    const administrator = await openAdministration(folder, admin);
    await administrator.call('user.add', { name: 'anna', password: 'x' });
    await administrator.close();
    const home = join(folder.docs, 'anna');
    rmSync(home, { recursive: true });
    writeFileSync(home, '');
    expect(await wrong()).toEqual([`missing, or no folders: ${home}`]);
  });

  it('finds a certificate that is not valid, or is not for long, and a key that is another', async () => {
    settings({ port: 0, 'tls-cert': 'certificate.pem', 'tls-key': 'key.pem' });
    expect((await wrong()).join('\n')).toMatch(/^certificate\.pem and its key cannot be used: ENOENT/);
    makeCertificate(folder.root);
    expect(await wrong()).toEqual([]);
    const days = (count: number) => new Date(Date.now() + count * 86_400_000);
    for (const [from, to, message] of [
      [days(-2), days(-1), /^certificate\.pem was valid until /],
      [days(1), days(100), /^certificate\.pem is not valid before .*look at the clock/],
      [days(-1), days(13.5), /^certificate\.pem is valid for 13 more days$/],
    ] as const) {
      makeCertificate(folder.root, { from, to });
      expect(await wrong()).toEqual([jasmine.stringMatching(message)]);
    }
    mkdirSync(join(place(), 'other'));
    makeCertificate(join(place(), 'other'));
    settings({ port: 0, 'tls-cert': 'certificate.pem', 'tls-key': join(place(), 'other', 'key.pem') });
    expect(await wrong()).toEqual(['the key is not that of certificate.pem']);
  });

  it('finds a ledger that is not what lies on the disk', async () => {
    const live = new PretendedServer();
    let counts = 0;
    live.recount = async () => (counts += 1);
    const rig = await startControl(folder, { live });
    await rig.accounts.add('anna', 'x');
    expect(await wrong()).toEqual(['anna has 1 bytes, 0 were taken for used']);
    live.recount = async () => 0;
    expect(await wrong()).toEqual([]);
    await rig.close();
  });
});
