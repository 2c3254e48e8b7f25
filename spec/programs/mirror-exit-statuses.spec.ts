import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The other statuses have specs of their own: docs/reference/exit-statuses.md names them.
describe('the mirror program, run --once,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  it('ends with status 1 when some entries could not be mirrored, and with 0 when all is done in the next run', async () => {
    const [near, far] = [join(folder(), 'near'), join(served().home, 'test')];
    mkdirSync(near);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(near, name), name);
    // A folder that others made where a file has to be, with something in it.
    mkdirSync(join(far, 'b', 'strange'), { recursive: true });
    const mirror = () => {
      return run('bin/mirror.js', {
        args: [
          `ftp://steve@127.0.0.1:${served().port}/test`,
          near,
          '4',
          '4',
          '--once',
          '--multi',
          '1',
          '--retries',
          '0',
        ],
        env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
      }).ended;
    };
    const first = await mirror();
    expect(first.status).toBe(1);
    expect(first.stderr).toBe('');
    expect(first.stdout.match(/ - ERROR - .*/g)).toEqual([jasmine.stringMatching(/ - Send file b \(1 B\) failed : /)]);
    expect(first.stdout.trimEnd().split('\n').at(-1)).toMatch(/ : 2 files sent .*, 1 entry failed$/);

    rmSync(join(far, 'b'), { recursive: true });
    const second = await mirror();
    expect(second.status).withContext(second.stdout).toBe(0);
    expect(second.stdout.trimEnd().split('\n').at(-1)).toMatch(/ : 1 file sent \(1 B\)$/);
    expect(readdirSync(far)).toEqual(['a', 'b', 'c']);
  });
});
