import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { descendantsOf } from '../support/processes.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

const FILES = 800;

describe('the mirror program, asked to stop in the middle of a cycle,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let near: string;

  beforeEach(() => {
    near = join(folder(), 'near');
    mkdirSync(near);
    for (let index = 0; index < FILES; index += 1) writeFileSync(join(near, `${index}.txt`), `content ${index}`);
  });

  function start(...more: readonly string[]): RunningProgram {
    return run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '1', '--multi', 'P2', ...more],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
  }

  /** @returns the pids of the mirror's children when some files have arrived and many have not */
  async function inTheMiddle(mirror: RunningProgram): Promise<readonly number[]> {
    await mirror.waitForLine(/ - File created \/ updated : /);
    return descendantsOf(mirror.pid).map(({ pid }) => pid);
  }

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`finishes what has begun, sums up, and ends with status ${status} after ${signal}; the next start goes on`, async () => {
      const mirror = start('--once');
      const children = await inTheMiddle(mirror);
      mirror.signal(signal);
      const ended = await mirror.ended;
      expect(ended.status).toBe(status);
      expect(ended.stderr).toBe('');
      expect(ended.stdout).toMatch(new RegExp(` - INFO - Stopping on ${signal} : `));
      expect(ended.stdout).not.toMatch(/ - (WARN|ERROR) - /);
      const [, sent, undone] =
        /Cycle 1 stopped after .* : (\d+) files sent .*, (\d+) steps not begun$/m.exec(ended.stdout) ?? [];
      expect(Number(sent)).toBeGreaterThan(0);
      expect(Number(sent) + Number(undone)).toBe(FILES);
      expect(readdirSync(join(served().home, 'test'))).toHaveSize(Number(sent));
      for (const pid of children) expect(() => process.kill(pid, 0)).toThrowError(/ESRCH/);

      const { stdout } = await start('--once').ended;
      expect(stdout).toMatch(new RegExp(`Cycle 1 done in .* ${undone} files sent`));
      expect(compareTrees(near, join(served().home, 'test'), { times: true })).toEqual([]);
    });
  }

  it('ends with status 0 when it was to mirror until stopped', async () => {
    const mirror = start();
    await mirror.waitForLine(/Cycle 2 done in .* : nothing to do/);
    mirror.signal('SIGTERM');
    expect((await mirror.ended).status).toBe(0);
  });

  it('ends at once when it is asked a second time', async () => {
    const mirror = start('--once');
    await inTheMiddle(mirror);
    mirror.signal('SIGINT');
    await mirror.waitForLine(/Stopping on SIGINT/);
    mirror.signal('SIGINT');
    expect((await mirror.ended).status).toBe(130);
  });
});
