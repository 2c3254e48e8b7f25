import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOnLocalDisk } from '../../../lib/server/disk/local-disk.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const TABLE = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:21 / /proc rw - proc proc rw
24 22 0:30 / /srv/far rw shared:5 master:1 - nfs4 server:/export rw,addr=192.0.2.1
25 22 0:31 / /srv/far\\040away rw - cifs //server/share rw
26 22 254:1 / /srv/near rw - xfs /dev/vdb rw
27 26 0:32 / /srv/near/home/far rw - fuse.sshfs someone@server: rw
28 22 254:2 / /srv/hidden rw - ext4 /dev/vdc rw
29 28 0:33 / /srv/hidden rw - nfs server:/other rw
`;

describe('isOnLocalDisk', () => {
  const folder = temporaryFolder();
  const table = () => join(folder(), 'mountinfo');

  beforeEach(() => writeFileSync(table(), TABLE));

  for (const [place, isLocal] of [
    ['/', false],
    ['/srv', false],
    ['/srv/docs', true],
    ['/srv/far', false],
    ['/srv/far/docs', false],
    ['/srv/farther', true],
    ['/srv/far away/docs', false],
    ['/srv/near', false],
    ['/srv/near/home', false],
    ['/srv/near/home/far', false],
    ['/srv/near/home/other', true],
    ['/srv/hidden/docs', false],
    ['/proc/self', false],
  ] as const) {
    it(`says ${isLocal ? 'yes' : 'no'} of ${place}`, async () => {
      expect(await isOnLocalDisk(place, table())).toBe(isLocal);
    });
  }

  it('says no where the system does not tell', async () => {
    expect(await isOnLocalDisk('/', join(folder(), 'missing'))).toBeFalse();
    writeFileSync(table(), 'something else\n');
    expect(await isOnLocalDisk('/', table())).toBeFalse();
  });

  it('reads the table of this machine', async () => {
    if (!existsSync('/proc/self/mountinfo')) pending('there is none');
    expect(await isOnLocalDisk('/proc/self')).toBeFalse();
  });
});
