import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

describe('the mirror program, while others change the site,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let near: string;
  let far: string;
  let connections: number;

  beforeEach(() => {
    near = join(folder(), 'near');
    far = join(served().home, 'test');
    mkdirSync(join(near, 'sub'), { recursive: true });
    for (const name of ['a', 'b', 'sub/c']) writeFileSync(join(near, name), `content of ${name}`);
    connections = 0;
    served().server.events.on('sessionOpened', () => {
      connections += 1;
    });
  });

  function start(...more: readonly string[]): RunningProgram {
    return run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '3600', '--multi', 'P2', ...more],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
  }

  /** One file removed, one changed in size, one in time only; and one of their own. */
  function changeSite(): void {
    rmSync(join(far, 'sub'), { recursive: true });
    writeFileSync(join(far, 'a'), 'changed');
    writeFileSync(join(far, 'b'), 'CONTENT OF B');
    utimesSync(join(far, 'b'), 1_700_000_000, 1_700_000_000);
    writeFileSync(join(far, 'strange'), 'not ours');
  }

  function expectRepaired(): void {
    expect(readdirSync(far)).toContain('strange');
    rmSync(join(far, 'strange'));
    expect(compareTrees(near, far, { times: true })).toEqual([]);
  }

  it('repairs it on SIGHUP, at once and going on, and opens no connection for a cycle without changes', async () => {
    expect((await start('--once').ended).status).toBe(0);
    const first = connections;
    const mirror = start();
    await mirror.waitForLine(/Cycle 1 done in .* : nothing to do/);
    expect(connections).toBe(first);
    changeSite();
    mirror.signal('SIGHUP');
    await mirror.waitForLine(/ - INFO - Listing on SIGHUP : /);
    await mirror.waitForLine(/Cycle 2 done in .* : 1 folder created, 3 files sent/);
    expect(mirror.output.stdout).toMatch(/ - WARN - Site changed by others : 1 entries are gone, 2 files have another/);
    mirror.signal('SIGHUP');
    await mirror.waitForLine(/Cycle 3 done in .* : nothing to do/);
    mirror.signal('SIGTERM');
    expect((await mirror.ended).status).toBe(0);
    expectRepaired();
  });

  it('leaves what they put there, until it is told to remove that with --delete-extra', async () => {
    expect((await start('--once').ended).status).toBe(0);
    mkdirSync(join(far, 'theirs', 'deeper'), { recursive: true });
    for (const name of ['strange', 'sub/strange', 'theirs/deeper/strange', 'strange.log']) {
      writeFileSync(join(far, name), 'not ours');
    }
    const { stdout } = await start('--once', '--delete-extra', '--exclude', '*.log', '--dry-run').ended;
    expect(stdout.match(/Dry run : Remove /g)).toHaveSize(5);
    expect((await start('--once', '--exclude', '*.log', '--relist-every', '0.001').ended).stdout).toMatch(
      /nothing to do/,
    );
    const told = await start('--once', '--exclude', '*.log', '--delete-extra').ended;
    expect(told.status).withContext(told.stdout).toBe(0);
    expect(told.stdout).toMatch(/ : 3 files removed, 2 folders removed$/m);
    rmSync(join(far, 'strange.log'));
    expect(compareTrees(near, far, { times: true })).toEqual([]);
    const before = connections;
    expect((await start('--once', '--exclude', '*.log', '--delete-extra').ended).stdout).toMatch(/nothing to do/);
    expect(connections).toBe(before);
  });

  it('repairs it when the last listing is as long ago as --relist-every says', async () => {
    expect((await start('--once').ended).status).toBe(0);
    changeSite();
    const first = connections;
    expect((await start('--once', '--relist-every', 'never').ended).stdout).toMatch(/ : nothing to do/);
    expect(connections).toBe(first);
    const { status, stdout } = await start('--once', '--relist-every', '0.001').ended;
    expect(status).withContext(stdout).toBe(0);
    expectRepaired();
  });
});
