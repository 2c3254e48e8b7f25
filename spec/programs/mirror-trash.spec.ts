import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the mirror program with --trash', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  async function mirror(): Promise<{ status: number | null; stdout: string }> {
    return run('bin/mirror.js', {
      args: [
        ...[`ftp://steve@127.0.0.1:${served().port}/test`, join(folder(), 'near'), '4', '4', '--once'],
        ...['--multi', 'A2', '--trash', '.trash', '--include', '.trash'],
      ],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    }).ended;
  }

  it('keeps what it removes, also to make room, and mirrors nothing into the trash', async () => {
    const near = join(folder(), 'near');
    const far = join(served().home, 'test');
    mkdirSync(join(near, 'd'), { recursive: true });
    for (const name of ['gone', 'd/gone too', 'becomes a folder', 'stays']) writeFileSync(join(near, name), name);
    expect((await mirror()).status).toBe(0);
    for (const name of ['gone', 'd', 'becomes a folder']) rmSync(join(near, name), { recursive: true });
    mkdirSync(join(near, 'becomes a folder'));
    mkdirSync(join(near, '.trash'));
    writeFileSync(join(near, '.trash/mine'), 'x');
    const { status, stdout } = await mirror();
    expect(status).toBe(0);
    expect(stdout).toMatch(/ - WARN - Not mirrored, since --trash has its place on the site: /);
    expect(readdirSync(far).sort()).toEqual(['.trash', 'becomes a folder', 'stays']);
    const kept = readdirSync(join(far, '.trash'));
    expect(kept).toHaveSize(1);
    for (const name of ['gone', 'd/gone too', 'becomes a folder']) {
      expect(readFileSync(join(far, '.trash', kept[0] ?? '', name), 'utf8')).toBe(name);
    }
    rmSync(join(near, '.trash'), { recursive: true });
    expect((await mirror()).stdout).toMatch(/nothing to do, both sides are equal/);
    expect(existsSync(join(far, '.trash', kept[0] ?? '', 'gone'))).toBeTrue();
  });
});
