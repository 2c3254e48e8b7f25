import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

describe('the mirror program, whose password the site refuses after some cycles,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  it('asks once a cycle, and less and less often, until SIGHUP tells it that all is well again', async () => {
    const near = join(folder(), 'near');
    mkdirSync(near);
    writeFileSync(join(near, 'a'), 'a');
    const mirror = run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '1', '--multi', '1', '--retries', '0'],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
    await mirror.waitForLine(/Cycle 1 done in /);
    await served().startAgain('another');
    let logins = 0;
    served().server.events.on('requestReceived', ({ verb }) => {
      if (verb === 'PASS') logins += 1;
    });
    writeFileSync(join(near, 'b'), 'b');
    await mirror.waitForLine(/ - ERROR - Cycle \d+ given up : Cannot log in to 127\.0\.0\.1 as steve: /);
    await mirror.waitForLine(/ - WARN - Next cycle in 60 s : /);
    mirror.signal('SIGHUP');
    await mirror.waitForLine(/ - WARN - Next cycle in 120 s : /);
    expect(logins).toBe(2);
    await served().startAgain('secret');
    mirror.signal('SIGHUP');
    await mirror.waitForLine(/Cycle [2-9] done in .* : 1 file sent/);
    mirror.signal('SIGTERM');
    expect((await mirror.ended).status).toBe(0);
    expect(compareTrees(near, join(served().home, 'test'), { times: true })).toEqual([]);
  });
});
