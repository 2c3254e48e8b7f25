import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder, startServer } from '../support/ftp-server.ts';
import { programs, type RunOptions } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LINE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - root - (DEBUG|INFO|WARN|ERROR) - .+$/;

describe('the command line of the mirror program', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let near: string;

  beforeEach(() => {
    near = join(folder(), 'near');
    mkdirSync(join(near, 'sub'), { recursive: true });
    for (const name of ['a.txt', 'b.md', 'c.html', 'sub/d.txt']) writeFileSync(join(near, name), name);
  });

  /** Where the mirror's own files go, so that nothing of the user's is touched. */
  const environment = (): NonNullable<RunOptions['env']> => ({ XDG_STATE_HOME: folder(), HOME: folder() });

  const start = (args: readonly string[], env: RunOptions['env'] = {}) =>
    run('bin/mirror.js', { args, env: { ...environment(), ...env } });

  const farNames = () => readdirSync(join(served().home, 'test'), { recursive: true }).map(String).sort();

  it('takes the site, a folder, depth, frequency and an extension as the original did, and mirrors on until stopped', async () => {
    const mirror = start([`127.0.0.1, steve, secret, test, ${served().port}`, near, '4', '1', '.txt']);
    await mirror.waitForLine(/ - root - INFO - Cycle 1 done in /);
    expect(farNames()).toEqual(['b.md', 'c.html', 'sub']);
    writeFileSync(join(near, 'later.md'), 'later');
    await mirror.waitForLine(
      / - root - INFO - File created \/ updated : srv test\/later\.md file .*later\.md, \d+ ms, 5 B, worker \d+\/[12]$/,
    );
    rmSync(join(near, 'c.html'));
    await mirror.waitForLine(/ - root - INFO - File removed : test\/c\.html, \d+ ms, worker \d+\/[12]$/);
    await mirror.waitForLine(/ : 1 file removed$/);
    mirror.signal('SIGINT');
    const { status, stdout, stderr } = await mirror.ended;
    expect(status).toBe(0);
    expect(stderr).toBe('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    expect(lines[0]).toMatch(/ - root - INFO - Valid parameters$/);
    expect(farNames()).toEqual(['b.md', 'later.md', 'sub']);
  });

  it('takes a number behind the frequency for the processes, and all that follows for extensions', async () => {
    const site = `127.0.0.1, steve, secret, test, ${served().port}`;
    const { status, stdout } = await start([site, near, '4', '4', '2', '.txt', '.md', '--once']).ended;
    expect(status).toBe(0);
    expect(farNames()).toEqual(['c.html', 'sub']);
    expect(new Set(stdout.match(/worker \d+/g)).size).toBeLessThanOrEqual(2);
  });

  it('mirrors no deeper than the depth', async () => {
    const site = `127.0.0.1, steve, secret, test, ${served().port}`;
    expect((await start([site, near, '1', '4', '--once']).ended).status).toBe(0);
    expect(farNames()).toEqual(['a.txt', 'b.md', 'c.html', 'sub']);
  });

  it('takes a quoted password with a comma', async () => {
    const other = await startServer({ home: served().home, password: 'pass,word "x"' });
    const site = `127.0.0.1, steve, "pass,word ""x""", test, ${other.port}`;
    const { status, stdout } = await start([site, near, '4', '4', '--once']).ended;
    await other.server.close();
    expect(status).withContext(stdout).toBe(0);
  });

  it('takes an IPv6 host in brackets, in a list of fields and in a URL', async () => {
    const other = await startServer({ home: served().home }, { address: '::1' });
    for (const site of [`[::1],steve,,test,${other.port}`, `ftp://steve@[::1]:${other.port}/test`]) {
      const { status, stdout } = await start([site, near, '4', '4', '--once'], { FTP_PASSWORD: 'secret' }).ended;
      expect(status).withContext(stdout).toBe(0);
    }
    await other.server.close();
  });

  it('removes at the next start what was deleted while the mirror was not running', async () => {
    const site = `127.0.0.1, steve, secret, test, ${served().port}`;
    await start([site, near, '4', '4', '--once']).ended;
    writeFileSync(join(served().home, 'test', 'strange.txt'), 'not ours');
    rmSync(join(near, 'sub'), { recursive: true });
    expect((await start([site, near, '4', '4', '--once']).ended).status).toBe(0);
    expect(farNames()).toEqual(['a.txt', 'b.md', 'c.html', 'strange.txt']);
  });

  it('leaves out what --exclude and the ignore file say, but for what --include takes back', async () => {
    writeFileSync(join(near, '.mirrorignore'), '# for people\nsub/\n');
    const site = `127.0.0.1, steve, secret, test, ${served().port}`;
    const words = [site, near, '4', '4', '--once', '--exclude', '*.txt', '--exclude', '*.md', '--include', 'a.txt'];
    expect((await start(words).ended).status).toBe(0);
    expect(farNames()).toEqual(['a.txt', 'c.html']);
  });

  it('changes nothing in a dry run, near, far or in the journal, and says what it would do', async () => {
    const site = `127.0.0.1, steve, secret, test, ${served().port}`;
    const { status, stdout } = await start([site, near, '4', '4', '--dry-run']).ended;
    expect(status).toBe(0);
    expect(stdout).toMatch(/ - INFO - Dry run : Create folder sub$/m);
    expect(stdout).toMatch(/ - INFO - Dry run : Send file a\.txt \(5 B\)$/m);
    expect(stdout).toMatch(/ Dry run, nothing was changed : .*1 folder created, 4 files sent/);
    expect(readdirSync(served().home)).toEqual([]);
    expect(readdirSync(folder()).sort()).toEqual(['near']);
  });

  it('writes the same lines to --log-file, as JSON where that is asked for', async () => {
    const file = join(folder(), 'logs', 'mirror.log');
    const site = `127.0.0.1, steve, secret, test, ${served().port}`;
    const words = [site, near, '4', '4', '--once', '--log-file', file, '--log-format', 'json', '--multi', '1'];
    const { status, stdout } = await start(words).ended;
    expect(status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(stdout);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toEqual(jasmine.objectContaining({ level: 'INFO', message: 'Valid parameters' }));
    expect(events).toContain(
      jasmine.objectContaining({ event: 'end', kind: 'upload', path: 'a.txt', bytes: 5, attempt: 1 }),
    );
    expect(events.at(-1)).toEqual(jasmine.objectContaining({ cycle: 1, filesSent: 4, foldersMade: 1, failed: 0 }));
  });

  it('logs only warnings and worse with --log-level warn', async () => {
    const site = `ftp://steve@127.0.0.1:${served().port}/test`;
    const words = [site, near, '4', '4', '--once', '--log-level', 'warn'];
    expect(await start(words, { FTP_PASSWORD: 'secret' }).ended).toEqual({
      status: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
  });

  it('shows its version, and help that names every option', async () => {
    expect((await start(['--version']).ended).stdout).toBe('0.1.0\n');
    const { status, stdout } = await start(['--help']).ended;
    expect(status).toBe(0);
    expect(stdout).toContain('--max-delete');
  });
});
