import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { makeSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

const FILES = 300;

describe('the mirror program, whose journal has no room on the disk any more,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let disk: SmallDisk;

  beforeEach(() => {
    mkdirSync(join(folder(), 'near'));
    for (let index = 0; index < FILES; index += 1) writeFileSync(join(folder(), 'near', `${index}.txt`), `${index}`);
    // Room for the lock, the begins of all files, and the ends of about a hundred.
    disk = makeSmallDisk(join(folder(), 'state'), 24);
  });

  afterEach(() => disk.dispose());

  function start(...more: readonly string[]): RunningProgram {
    return run('bin/mirror.js', {
      args: [
        `ftp://steve@127.0.0.1:${served().port}/test`,
        ...[join(folder(), 'near'), '4', '1', '--state-dir', join(folder(), 'state'), '--multi', 'A2'],
        ...more,
      ],
      env: { FTP_PASSWORD: 'secret' },
    });
  }

  for (const [when, words] of [
    ['in its only cycle', ['--once']],
    ['in a cycle of many', []],
  ] as const) {
    it(`ends ${when} with status 1 and one line, nothing half done; the next run sends the rest and only that`, async () => {
      const mirror = start(...words);
      disk.limit(mirror.pid);
      const { status, stdout, stderr } = await mirror.ended;
      expect(status).toBe(1);
      expect(stderr).toBe('');
      const told = stdout.split('\n').filter((line) => / - (WARN|ERROR) - /.test(line));
      expect(told).toEqual([jasmine.stringMatching(/ - ERROR - Cannot write to the journal .*: (ENOSPC|EFBIG)$/)]);
      const arrived = readdirSync(join(served().home, 'test'));
      expect(arrived.length).toBeGreaterThan(20);
      expect(arrived.length).toBeLessThan(FILES);
      expect(arrived.filter((name) => !name.endsWith('.txt'))).toEqual([]);

      disk.makeRoom();
      const next = await start('--once').ended;
      expect(next.status).withContext(next.stdout).toBe(0);
      expect(next.stdout).toMatch(new RegExp(` Cycle 1 done in .* : ${FILES - arrived.length} files? sent `));
      expect(compareTrees(join(folder(), 'near'), join(served().home, 'test'), { times: true })).toEqual([]);
    });
  }

  it('ends with status 1 and one line when there is no room even to begin', async () => {
    if (!disk.isShared) pending('no file system of its own can be mounted here');
    writeFileSync(join(folder(), 'state', 'ballast'), Buffer.alloc(24 * 1024));
    const { status, stdout } = await start('--once').ended;
    const told = stdout.split('\n').filter((line) => / - (WARN|ERROR) - /.test(line));
    expect(told.length).toBe(1);
    expect([status, told[0]]).toEqual([1, jasmine.stringMatching(/ENOSPC$/)]);
  });
});

describe('the mirror program, stopped when its journal cannot be closed any more,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  it('ends with status 1 and one line', async () => {
    const [near, state] = [join(folder(), 'near'), join(folder(), 'state')];
    mkdirSync(near);
    writeFileSync(join(near, 'f'), 'content');
    const mirror = run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '3600', '--state-dir', state, '--multi', '1'],
      env: { FTP_PASSWORD: 'secret' },
    });
    await mirror.waitForLine(/Cycle 1 done in /);
    const journal = readdirSync(state).find((name) => name.endsWith('.journal')) ?? '';
    const { size } = statSync(join(state, journal));
    execFileSync('prlimit', ['--pid', String(mirror.pid), `--fsize=${size}:`]);
    mirror.signal('SIGTERM');
    const { status, stdout, stderr } = await mirror.ended;
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout.match(/ - (WARN|ERROR) - .*/g)).toEqual([
      jasmine.stringMatching(/ - ERROR - Cannot write to the journal .*: EFBIG$/),
    ]);
  });
});
