import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('jobs and pipes of the client program', () => {
  const scene = clientScene();
  const served = servedFolder();
  const far = (name: string) => join(served().home, name);
  const run = (commands: string, ...options: readonly string[]) => scene().start(served(), commands, ...options).ended;

  it('queues a command as it was typed: patterns, quoted ones, options', async () => {
    mkdirSync(join(scene().near, 'other'));
    for (const name of ['a.txt', 'b c.txt', '*.md', 'x.md']) writeFileSync(far(name), name);
    const { status, stdout, stderr } = await run('queue mget *.txt; queue mget -d other "*.md"');
    expect(status).withContext(stderr).toBe(0);
    expect(readdirSync(scene().near).sort()).toEqual(['a.txt', 'b c.txt', 'other']);
    expect(readdirSync(join(scene().near, 'other'))).toEqual(['*.md']);
    expect(stdout).toContain('[2] queued: mget -d other "*.md"\n');
  });

  it('gives a pipe to what is queued, and to what is done beside', async () => {
    writeFileSync(far('a'), 'content');
    const { status, stdout } = await run('queue cat a | tr a-z A-Z > queued; cat a | tr a-z A-Z > beside &');
    expect(status).toBe(0);
    expect(stdout).toContain('[1] queued: cat a | tr a-z A-Z > queued\n');
    for (const name of ['queued', 'beside']) expect(readFileSync(join(scene().near, name), 'utf8')).toBe('CONTENT');
  });

  it('shows how far the transfer of a job is', async () => {
    writeFileSync(join(scene().near, 'a'), Buffer.alloc(2 ** 20));
    const { port } = served();
    const client = scene().bare([`ftp://steve@127.0.0.1:${port}/`, '--bwlimit', '100k'], {
      env: { FTP_PASSWORD: 'secret' },
    });
    client.write('queue put a\nqueue put b\n');
    while ((statSync(far('a'), { throwIfNoEntry: false })?.size ?? 0) === 0) await turn();
    client.write('jobs\n');
    await client.waitForLine(/^\[1\] running {2}put a$/);
    await client.waitForLine(/^ {4}a +\d+ % \[#*\.*\] [\d.]+ KiB of 1\.0 MiB {2}[\d.]+ [KM]iB\/s {2}\d:\d\d left$/);
    await client.waitForLine(/^\[2\] waiting {2}put b$/);
    client.write('set json on\njobs\n');
    const [line] = await client.waitForLine(/^\{"command":"jobs".*$/);
    const { jobs } = JSON.parse(line) as { jobs: readonly object[] };
    expect(jobs).toEqual([
      jasmine.objectContaining({
        number: 1,
        progress: { name: 'a', size: 2 ** 20, from: 0, moved: jasmine.any(Number), tookMs: jasmine.any(Number) },
      }),
      { number: 2, source: 'put b', state: 'waiting' },
    ]);
    client.write('kill all\nbye\n');
    await client.ended;
  });

  it('tells of a job that was ended once', async () => {
    writeFileSync(far('a'), 'x'.repeat(500_000));
    const { stdout, stderr } = await run('get a &; kill 1; wait', '--bwlimit', '100k');
    expect(stdout).toBe('[1] begun\n[1] killed: get a\n');
    expect(stderr).not.toContain('Interrupted');
  });

  it('lets no job wait for itself, or for one that waits for it', async () => {
    for (const command of ['wait &', 'queue wait', 'queue wait 2; queue pwd']) {
      const { status, stderr } = await run(command);
      expect(status).withContext(command).toBe(2);
      expect(stderr).toContain('wait: a job cannot wait for jobs; queue does one after the other\n');
    }
  });

  it('threat 41: shows no password of a job, and none where no password belongs', async () => {
    const commands = [
      'quote PASS hidden1 &',
      'queue quote PASS hidden2',
      'open me:hidden3@127.0.0.1:1 &',
      'queue open 127.0.0.1,me,hidden4,/dir',
      'me:hidden5@host',
      'bookmark -d ftp://me:hidden6@host/',
      'debug on',
      'quote ACCT hidden7',
      'site pswd hidden8 hidden9',
      'jobs',
      'wait',
    ];
    for (const options of [[], ['--json']]) {
      const { stdout, stderr } = await run(commands.join('; '), '--keep-going', '--retries', '0', ...options);
      expect(stdout + stderr).not.toContain('hidden');
      expect(stdout).toContain('quote ...');
      expect(stdout).toContain('open ...');
    }
    const { stderr } = await scene().bare(['127.0.0.1,me,hidden,/dir', '-c', 'ls']).ended;
    expect(stderr).toMatch(/^The address: /);
    expect(stderr).not.toContain('hidden');
  });

  describe('when nobody reads on', () => {
    /** The client before `head -c 1`. @returns its status, and what it told beside */
    async function beforeHead(commands: string, ...options: readonly string[]) {
      const site = `ftp://steve@127.0.0.1:${served().port}`;
      const words = [process.execPath, join(process.cwd(), 'bin/ftp-client.js'), site, ...options, '-c', commands];
      const shell = spawn('bash', ['-c', 'set -o pipefail; "$@" | head -c 1', 'bash', ...words], {
        cwd: scene().near,
        env: { PATH: process.env['PATH'], HOME: scene().near, FTP_PASSWORD: 'secret' },
      });
      let stderr = '';
      shell.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      const [status] = (await once(shell, 'close')) as [number];
      return { status, stderr };
    }

    it('ends as cat does, quietly, and does nothing more', async () => {
      writeFileSync(far('big'), 'x'.repeat(4 * 2 ** 20));
      const { status, stderr } = await beforeHead('cat big; mkdir later');
      expect(status).toBe(141);
      expect(stderr).not.toMatch(/Error|EPIPE|Warning/);
      expect(existsSync(far('later'))).toBeFalse();
    });

    it('ends in the midst of many lines as well', async () => {
      for (let at = 0; at < 2000; at += 1) writeFileSync(far(`${'name'.repeat(20)}-${at}`), '');
      expect((await beforeHead('ls; ls; mkdir later', '--json')).status).toBe(141);
      expect(existsSync(far('later'))).toBeFalse();
    });

    it('fetches no more of a file than the local command wants', async () => {
      writeFileSync(far('endless'), 'x');
      truncateSync(far('endless'), 2 ** 38);
      const { status, stdout, stderr } = await run('cat endless | head -c 1; ls -1');
      expect([status, stdout, stderr]).toEqual([0, 'xendless\n', '']);
    });
  });

  it('tells a command that failed in a pipe', async () => {
    writeFileSync(far('a'), 'content');
    const { status, stdout } = await run('cat a | exit 3', '--json');
    expect(status).toBe(1);
    expect(factsIn(stdout)).toEqual([jasmine.objectContaining({ command: 'cat', ok: false, code: 'E_SHELL' })]);
  });
});
