import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

describe('the mirror program, with a limit for all its workers,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let near: string;
  let state: string;
  let temporary: string;

  beforeEach(() => {
    near = join(folder(), 'near');
    state = join(folder(), 'state');
    temporary = join(folder(), 'tmp');
    mkdirSync(near);
    mkdirSync(temporary);
    writeFileSync(join(near, 'a.txt'), 'a');
  });

  afterEach(() => expect(readdirSync(temporary)).toEqual([]));

  function start(...more: readonly string[]): RunningProgram {
    return startIn(temporary, ['--bwlimit', '1M', ...more]);
  }

  function startIn(temporaryOfIt: string, more: readonly string[]): RunningProgram {
    const words = [near, '4', '1', '--multi', 'P2', '--state-dir', state, ...more];
    return run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, ...words],
      env: { FTP_PASSWORD: 'secret', TMPDIR: temporaryOfIt },
    });
  }

  /** What each file in the state folder is for. */
  function kept(): readonly string[] {
    return readdirSync(state).map(extname).sort();
  }

  /** The count of a mirror that has nothing to do any more. */
  async function countAtRest(): Promise<readonly unknown[]> {
    await start().waitForLine(/ Cycle 2 done in .* : nothing to do, /);
    return count();
  }

  function count(): readonly unknown[] {
    const [name = ''] = readdirSync(state).filter((file) => extname(file) === '.working');
    const { ino, mtimeMs } = statSync(join(state, name));
    return [ino, mtimeMs, readFileSync(join(state, name), 'utf8')];
  }

  it('needs no temporary folder', async () => {
    const { status, stdout, stderr } = await startIn(join(folder(), 'missing'), ['--bwlimit', '1M', '--once']).ended;
    expect(status).withContext(stdout).toBe(0);
    expect([stderr, kept()]).toEqual(['', ['.journal']]);
    expect(compareTrees(near, join(served().home, 'test'), { times: true })).toEqual([]);
  });

  it('ends without a trace when another has the pair, and leaves the count of that one alone', async () => {
    const before = await countAtRest();
    expect((await start('--once').ended).status).toBe(5);
    expect(kept()).toEqual(['.journal', '.lock', '.working']);
    expect(count()).toEqual(before);
  });

  it('leaves the count of another alone in a dry run', async () => {
    const before = await countAtRest();
    const { status, stdout } = await start('--dry-run').ended;
    expect(status).withContext(stdout).toBe(0);
    expect(count()).toEqual(before);
  });

  it('ends without a trace when its journal cannot be opened', async () => {
    await start('--once').ended;
    const [journal = ''] = readdirSync(state);
    rmSync(join(state, journal));
    mkdirSync(join(state, journal));
    const { status, stdout } = await start('--once').ended;
    expect(status).withContext(stdout).toBe(2);
    expect(stdout.split('\n').filter((line) => / - ERROR - /.test(line)).length).toBe(1);
    expect(kept()).toEqual(['.journal']);
  });

  for (const [how, end] of [
    ['was killed', (mirror: RunningProgram) => mirror.stop()],
    ['was asked to stop twice', stopTwice],
  ] as const) {
    it(`takes over, and removes, the count of one that ${how}`, async () => {
      // At this rate it is sent for a minute, in pieces, so that a worker is at work when the end comes.
      writeFileSync(join(near, 'large.bin'), Buffer.alloc(64 * 1024));
      const mirror = startIn(temporary, ['--bwlimit', '1k', '--once']);
      await mirror.waitForLine(/ File upload started : .*large\.bin$/);
      await end(mirror);
      expect(kept()).toEqual(['.journal', '.lock', '.working']);
      const { status, stdout } = await start('--once').ended;
      expect(status).withContext(stdout).toBe(0);
      expect(kept()).toEqual(['.journal']);
      expect(compareTrees(near, join(served().home, 'test'), { times: true })).toEqual([]);
    });
  }

  async function stopTwice(mirror: RunningProgram): Promise<void> {
    mirror.signal('SIGINT');
    await mirror.waitForLine(/ Stopping on SIGINT : /);
    mirror.signal('SIGINT');
    expect((await mirror.ended).signal).toBe('SIGINT');
  }
});
