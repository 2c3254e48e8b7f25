import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { md5Of } from '../support/md5-of.ts';

const PATIENCE_MS = 900_000;
const SIZE = 5 * 2 ** 30;

describe('the client, with a file of 5 GiB,', () => {
  const scene = clientScene();
  const served = servedFolder();

  it(
    'C1, C6: sends and fetches it as it is',
    async () => {
      const near = join(scene().near, 'big');
      writeFileSync(near, 'begin');
      truncateSync(near, SIZE);
      const begin = performance.now();
      expect((await scene().start(served(), 'put big').ended).status).toBe(0);
      setSpecProperty('put, seconds', Math.round((performance.now() - begin) / 1000));
      renameSync(near, `${near}.sent`);
      expect((await scene().start(served(), 'get big').ended).status).toBe(0);
      const hashes = await Promise.all([`${near}.sent`, join(served().home, 'big'), near].map(md5Of));
      expect(new Set(hashes).size).toBe(1);
    },
    PATIENCE_MS,
  );
});
