import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a second mirror of the same pair', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let sessions: number;
  let first: RunningProgram;

  beforeEach(async () => {
    mkdirSync(join(folder(), 'near'));
    writeFileSync(join(folder(), 'near', 'a.txt'), 'a');
    sessions = 0;
    served().server.events.on('sessionOpened', () => {
      sessions += 1;
    });
    first = start();
    await first.waitForLine(/ Cycle 2 done in .* : nothing to do, /);
  });

  function start(...more: readonly string[]): RunningProgram {
    return run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, join(folder(), 'near'), '4', '1', '--multi', '1', ...more],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
  }

  /** Names, times and contents of what the first keeps. */
  function state(): readonly unknown[] {
    const where = join(folder(), 'filesmirror');
    const names = readdirSync(where).sort();
    return names.map((name) => [name, statSync(join(where, name)).mtimeMs, readFileSync(join(where, name), 'utf8')]);
  }

  it('ends with status 5 and one line that names the first, and touches neither site nor journal', async () => {
    const before = state();
    const { status, stdout, stderr } = await start('--once').ended;
    expect(status).toBe(5);
    expect(stderr).toBe('');
    const [valid, why, ...rest] = stdout.trimEnd().split('\n');
    expect(valid).toMatch(/ - INFO - Valid parameters$/);
    const when = '20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
    expect(why).toMatch(new RegExp(` - ERROR - .* is held by another instance: process ${first.pid}, since ${when}; `));
    expect(rest).toEqual([]);
    expect(sessions).toBe(1);
    expect(state()).toEqual(before);
    writeFileSync(join(folder(), 'near', 'b.txt'), 'b');
    await first.waitForLine(/ File created \/ updated : .*b\.txt/);
  });

  it('may tell what it would do', async () => {
    first.signal('SIGSTOP');
    writeFileSync(join(folder(), 'near', 'b.txt'), 'b');
    const { status, stdout } = await start('--dry-run').ended;
    expect(status).withContext(stdout).toBe(0);
    expect(stdout).toMatch(/ Dry run : Send file b\.txt /);
  });

  it('may begin when the first has ended in order, and nothing of its lock is left', async () => {
    first.signal('SIGTERM');
    expect((await first.ended).status).toBe(0);
    expect(state().length).toBe(1);
    const { status, stdout } = await start('--once').ended;
    expect(status).withContext(stdout).toBe(0);
    expect(sessions).toBe(1);
  });

  it('may begin when the first was killed, lists the site, and does what is left to do', async () => {
    await first.stop();
    expect(state().length).toBe(2);
    writeFileSync(join(folder(), 'near', 'b.txt'), 'b');
    const { status, stdout } = await start('--once').ended;
    expect(status).withContext(stdout).toBe(0);
    expect(stdout).toMatch(/ - WARN - The journal was not closed in order : /);
    expect(stdout).toMatch(/ Cycle 1 done in .* : 1 file sent /);
    expect(state().length).toBe(1);
  });
});
