import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the mirror program, with an ignore file that it cannot use,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let ignoreFile: string;

  beforeEach(() => {
    const near = join(folder(), 'near');
    mkdirSync(near);
    writeFileSync(join(near, 'a.txt'), 'content');
    writeFileSync(join(near, 'secret.md'), 'secret');
    ignoreFile = join(near, '.mirrorignore');
  });

  function start(...more: readonly string[]): RunningProgram {
    return run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, join(folder(), 'near'), '4', '1', '--multi', '1', ...more],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
  }

  /** In one go: a cycle that finds none, or an empty one, would rightly publish all. */
  function replaceIgnoreFile(make: (path: string) => void): void {
    make(join(folder(), 'new'));
    renameSync(join(folder(), 'new'), ignoreFile);
  }

  async function expectRefusal(reason: RegExp): Promise<void> {
    const { status, stdout, stderr } = await start().ended;
    expect(status).toBe(2);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveSize(2);
    expect(lines[1]).toMatch(reason);
    expect(readdirSync(served().home)).toEqual([]);
  }

  it('names file and line of a pattern that cannot be understood, and ends with status 2', async () => {
    writeFileSync(ignoreFile, '*.tmp\n*.[md\n');
    await expectRefusal(
      / - ERROR - Reading the pattern '\*\.\[md' \(\.mirrorignore, line 2\): a \[ has no closing \]; /,
    );
  });

  it('says in one line why it cannot be read, and ends with status 2', async () => {
    mkdirSync(ignoreFile);
    await expectRefusal(/ - ERROR - --ignore-file ".*\/\.mirrorignore": cannot be read: it is a folder$/);
  });

  it('gives up later cycles, publishes nothing meanwhile, and goes on when it is mended', async () => {
    writeFileSync(ignoreFile, '*.md\n');
    const mirror = start();
    await mirror.waitForLine(/Cycle 1 done in /);
    replaceIgnoreFile((path) => writeFileSync(path, '*.[md\n'));
    await mirror.waitForLine(
      / - ERROR - Cycle \d+ given up : Reading the pattern '\*\.\[md' \(\.mirrorignore, line 1\): /,
    );
    replaceIgnoreFile((path) => symlinkSync('/nowhere', path));
    await mirror.waitForLine(
      / - ERROR - Cycle \d+ given up : --ignore-file ".*": cannot be read: it is a link to nothing$/,
    );
    expect(readdirSync(join(served().home, 'test'))).toEqual(['a.txt']);
    rmSync(ignoreFile);
    await mirror.waitForLine(/Cycle \d+ done in .* : 1 file sent/);
    mirror.signal('SIGTERM');
    expect((await mirror.ended).status).toBe(0);
  });
});
