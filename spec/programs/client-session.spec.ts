import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientScene, factsIn } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('the session of the client program', () => {
  const scene = clientScene();
  const served = servedFolder();
  const run = (commands: string, ...options: readonly string[]) => scene().start(served(), commands, ...options).ended;

  it('C12: a mistyped command is answered with what was meant, and with all there are', async () => {
    const { status, stderr } = await run('hlep');
    expect(status).toBe(2);
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toBe('hlep: unknown command, did you mean help?');
    // In few lines: what was on the screen before is still of use.
    expect(lines.length).toBeLessThan(8);
    const names = lines.slice(1, -1).join(' ').split(/ +/);
    for (const name of ['put', 'get', 'mkdir', 'rm', 'ls', 'cd', 'pwd', 'help', 'bye']) expect(names).toContain(name);
  });

  it('C12: help shows all commands, or all of one', async () => {
    const all = await scene().bare(['-c', 'help']).ended;
    expect(all.status).toBe(0);
    expect(all.stdout).toMatch(/^Transfers:\n {2}put +Send a file$/m);
    const one = await scene().bare(['-c', 'help put']).ended;
    expect(one.stdout).toMatch(/^put \[-c\] \[-f\] FILE \[NAME\]\n {2}Send a file; [^-]*\n {2}-c, --continue +Go on/);
  });

  it('C13: bye says QUIT, and the status is 0', async () => {
    const { status, stderr } = await run('debug on; bye; nothing of this');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^> QUIT$/m);
    expect(stderr).not.toContain('nothing');
  });

  it('C13: bye ends it also where whoever writes its commands does not hang up', async () => {
    const client = scene().bare([]);
    client.write('lpwd\nbye\nlpwd\n');
    const { status, stdout } = await client.ended;
    expect([status, stdout.trim().split('\n').length]).toEqual([0, 1]);
  });

  it('C13: bye waits for a transfer that is under way', async () => {
    const content = 'x'.repeat(2 * 2 ** 20);
    writeFileSync(join(scene().near, 'a'), content);
    const { status, stdout } = await run('put a &; bye', '--bwlimit', '1500k');
    expect(status).toBe(0);
    expect(stdout).toContain('[1] begun');
    expect(stdout).toContain('[1] done: put a');
    expect(readFileSync(join(served().home, 'a'), 'utf8') === content).toBeTrue();
  });

  it('finishes what was begun beside it also when a command fails', async () => {
    writeFileSync(join(scene().near, 'a'), 'x'.repeat(2 ** 20));
    const { status, stdout } = await run('put a &; rm nothing', '--bwlimit', '1M');
    expect(status).toBe(1);
    expect(stdout).toContain('[1] done: put a');
  });

  it('does commands from a pipe, and ends behind the first that fails', async () => {
    const client = scene().bare([`ftp://steve@127.0.0.1:${served().port}`], {
      env: { FTP_PASSWORD: 'secret' },
      stdin: 'mkdir a\nmkdir a\nmkdir b\n',
    });
    expect((await client.ended).status).toBe(1);
    expect(statSync(join(served().home, 'a')).isDirectory()).toBeTrue();
    expect(() => statSync(join(served().home, 'b'))).toThrow();
  });

  it('does a script, with comments and a command of the local shell', async () => {
    const script = join(scene().near, 'x.ftp');
    writeFileSync(script, '# makes two\nmkdir a\n!echo said | tr a-z A-Z\nmkdir b; ls -1\n');
    const { status, stdout } = await scene().bare([`ftp://steve@127.0.0.1:${served().port}`, '-f', script], {
      env: { FTP_PASSWORD: 'secret' },
    }).ended;
    expect(status).toBe(0);
    expect(stdout).toMatch(/Made \/a\nSAID\nMade \/b\na\/\nb\/\n$/);
  });

  it('does nothing of a script that cannot be read as a whole', async () => {
    const { status, stderr } = await run('mkdir a; put "b');
    expect([status, stderr]).toEqual([2, 'Nothing was done: a quote " is not closed\n']);
    expect(() => statSync(join(served().home, 'a'))).toThrow();
  });

  it('tells a command that needs a site from one that does not', async () => {
    const { status, stderr } = await scene().bare(['-c', 'lpwd; ls']).ended;
    expect(status).toBe(2);
    expect(stderr).toMatch(/^There is no site: open one first/);
  });

  it('ends with status 3 where the site cannot be reached, or refuses the login', async () => {
    expect((await scene().start({ port: 1 }, 'ls', '--retries', '0').ended).status).toBe(3);
    const { status, stdout, stderr } = await scene().start({ ...served(), password: 'wrong' }, 'ls').ended;
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/Cannot log in to 127\.0\.0\.1 as steve/);
  });

  it('ends with status 3 where the site refuses TLS, also when it says that this may pass', async () => {
    const { status, stdout, stderr } = await scene().start({ ...served(), scheme: 'ftpes' }, 'ls').ended;
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/Cannot secure the connection to 127\.0\.0\.1: the server answered 431 /);
  });

  it('has one line and status 2 for what is wrong on the command line', async () => {
    for (const [args, line] of [
      [['--timeuot', '3'], /unknown option, did you mean --timeout\?/],
      [['--timeout', '0'], /--timeout "0": must be a whole number from 1 to 3600/],
      [['a', 'b'], /^miniftp: the address: is the only parameter/],
      [['-f', 'nothing.ftp'], /--script .*nothing\.ftp": cannot be read: there is no such file/],
      [['http://x/', '-c', 'ls'], /^The address: unknown scheme http:/],
      [['ftp://h:99999/', '-c', 'ls'], /^The address: the port must be a whole number from 1 to 65535/],
    ] as const) {
      const { status, stdout, stderr } = await scene().bare(args).ended;
      expect([status, stdout]).withContext(args.join(' ')).toEqual([2, '']);
      expect(stderr.trimEnd().split('\n')).toEqual([jasmine.stringMatching(line)]);
    }
  });

  it('B1: ports outside of 1 to 65535, or that are none, are one line without a stack', async () => {
    for (const port of ['70000', '-1', 'abc', '80.5', '0']) {
      const { status, stderr } = await scene().bare(['-c', `open ftp://host:${port}/`]).ended;
      expect(status).withContext(port).toBe(2);
      expect(stderr).toMatch(/^The address: the port must be a whole number from 1 to 65535, in plain digits\n$/);
    }
  });

  it('shows help with every option, and the version', async () => {
    const { status, stdout } = await scene().bare(['--help']).ended;
    expect(status).toBe(0);
    for (const option of ['--command', '--keep-going', '--tls-ca', '--bwlimit']) expect(stdout).toContain(option);
    expect((await scene().bare(['--version']).ended).stdout).toBe('0.1.0\n');
  });

  it('threat 41: has the password in no output, no bookmark, no environment of a child', async () => {
    mkdirSync(join(served().home, 'sub'));
    const commands =
      'debug on; cd sub; bookmark here; bookmark x ftp://a:secret@host/; bookmark; quote PASS secret; !env';
    const { stdout, stderr } = await run(commands, '--keep-going');
    expect(stdout + stderr).not.toContain('secret');
    expect(stdout + stderr).not.toContain('FTP_PASSWORD');
    const bookmarks = readFileSync(join(scene().state, 'bookmarks'), 'utf8');
    expect(bookmarks).toBe(`here ftp://steve@127.0.0.1:${served().port}//sub\nx ftp://a@host:21/\n`);
  });

  it('opens a bookmark, another user, and closes', async () => {
    mkdirSync(join(served().home, 'sub'));
    await run('cd sub; bookmark here');
    const { status, stdout } = await scene().bare(['here', '-c', 'pwd; close; pwd', '--json', '--keep-going'], {
      env: { FTP_PASSWORD: 'secret' },
    }).ended;
    expect(status).toBe(2);
    expect(factsIn(stdout).map(({ command, ok, folder }) => [command, ok, folder])).toEqual([
      ['pwd', true, '/sub'],
      ['close', true, undefined],
      ['pwd', false, undefined],
    ]);
  });

  it('shows and changes settings', async () => {
    const { stdout } = await scene().bare([
      '-c',
      'set timeout; set verify off; set verify; set bwlimit 1M; set',
      '--timeout',
      '7',
    ]).ended;
    expect(stdout).toMatch(/^timeout +7$/m);
    expect(stdout).toMatch(/^verify +off$/m);
    expect(stdout).toMatch(/^bwlimit +1M$/m);
    expect(stdout).not.toMatch(/command|state-dir|password/);
    const { status, stderr } = await scene().bare(['-c', 'set timeuot 3']).ended;
    expect([status, stderr]).toEqual([2, 'set: there is no setting "timeuot", did you mean timeout?\n']);
    expect((await scene().bare(['-c', 'set timeout 0']).ended).stderr).toContain('from 1 to 3600');
  });

  it('does what is queued one after the other, and tells what became of it', async () => {
    for (const name of ['a', 'b']) writeFileSync(join(scene().near, name), name);
    const { status, stdout } = await run('queue put a; queue put b; queue put nothing; jobs; wait', '--json');
    expect(status).toBe(1);
    const jobs = factsIn(stdout).filter(({ command }) => command === 'put');
    expect(jobs.map(({ ok, to }) => [ok, to])).toEqual([
      [true, '/a'],
      [true, '/b'],
      [false, undefined],
    ]);
    expect(factsIn(stdout).at(-1)).toEqual(
      jasmine.objectContaining({ command: 'wait', ok: false, code: 'E_JOB_FAILED' }),
    );
  });

  it('quotes commands, and refuses those that would get the connection out of step', async () => {
    const { status, stdout } = await run('quote NOOP; site help; quote TYPE A; quote NONE', '--json', '--keep-going');
    expect(status).toBe(1);
    const codes = factsIn(stdout).map(({ command, ok, code }) => [command, ok, code]);
    expect(codes[0]).toEqual(['quote', true, 200]);
    expect(codes.slice(-2)).toEqual([
      ['quote', false, 'E_REFUSED'],
      ['quote', false, 'E_ANSWER'],
    ]);
  });
});
