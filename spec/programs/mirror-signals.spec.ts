import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { FaultProxy } from '../support/faults/fault-proxy.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { hangingDisk } from '../support/hanging-disk.ts';
import { childrenOf, descendantsOf, isRunning } from '../support/processes.ts';
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
});

describe('the mirror program, asked to stop while a file crawls,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();
  let near: string;
  let proxy: FaultProxy;

  beforeEach(async () => {
    near = join(folder(), 'near');
    mkdirSync(near);
    writeFileSync(join(near, 'large.bin'), Buffer.alloc(300_000, 'large'));
    writeFileSync(join(near, 'small.txt'), 'small');
    proxy = await FaultProxy.start({ host: '127.0.0.1', port: served().port });
    // One byte a second: the rest takes two days.
    proxy.arm({ data: /^STOR /, at: 100_000, goes: 'trickle' });
  });

  afterEach(() => proxy.stop());

  function start(...more: readonly string[]): RunningProgram {
    return run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${proxy.port}/test`, near, '4', '1', '--once', ...more],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
  }

  for (const multi of ['P2', 'A2']) {
    it(`breaks it off after --stop-timeout, and sends it in the next run (${multi})`, async () => {
      const mirror = start('--multi', multi, '--stop-timeout', '1');
      await mirror.waitForLine(/ - INFO - File upload started : .*large\.bin/);
      mirror.signal('SIGTERM');
      const { status, stdout, stderr } = await mirror.ended;
      expect([status, stderr]).toEqual([143, '']);
      expect(stdout).toMatch(/ - INFO - Stopping on SIGTERM : .* no longer than 1 s$/m);
      expect(stdout.match(/ - ERROR - .*/g)).toEqual([
        jasmine.stringMatching(
          / - ERROR - Send file large\.bin \(293\.0 KiB\) failed : Broken off, since it took longer/,
        ),
      ]);
      proxy.arm();
      const next = await start('--multi', multi).ended;
      expect(next.status).withContext(next.stdout).toBe(0);
      expect(compareTrees(near, join(served().home, 'test'), { times: true })).toEqual([]);
    });
  }

  for (const multi of ['P2', 'A2', '1']) {
    it(`ends after --stop-timeout while the server leaves the first question unanswered (${multi})`, async () => {
      mkdirSync(join(served().home, 'test'));
      // The second time that the folder is asked for: the first is part of the login.
      proxy.arm({ command: /^CWD /, nth: 2, times: 1000, before: 'silence' });
      const mirror = start('--multi', multi, '--stop-timeout', '1', '--timeout', '600');
      while (proxy.happened[0] === 0) await turn();
      mirror.signal('SIGTERM');
      const { status, stdout } = await mirror.ended;
      expect(stdout).not.toMatch(/ - (WARN|ERROR) - /);
      expect(status).toBe(143);
    });
  }

  it('ends at once, with its children, when it is asked a second time', async () => {
    const mirror = start('--multi', 'P2', '--stop-timeout', '3600');
    await mirror.waitForLine(/ - INFO - File upload started : .*large\.bin/);
    const children = childrenOf(mirror.pid);
    mirror.signal('SIGINT');
    await mirror.waitForLine(/Stopping on SIGINT/);
    mirror.signal('SIGINT');
    expect((await mirror.ended).signal).toBe('SIGINT');
    expect(children.length).toBeGreaterThan(0);
    expect(children.filter(isRunning)).toEqual([]);
  });
});

describe('the mirror program, asked to stop a second time while a disk does not answer,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  it('ends at once, by that signal: a shell shows 130', async () => {
    const near = join(folder(), 'near');
    mkdirSync(near);
    writeFileSync(join(near, 'large.bin'), Buffer.alloc(1_000_000));
    const mirror = run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${served().port}/test`, near, '4', '1', '--multi', '1'],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder(), ...hangingDisk(folder()) },
    });
    await mirror.waitForLine(/^hangs$/);
    mirror.signal('SIGTERM');
    await mirror.waitForLine(/Stopping on SIGTERM/);
    mirror.signal('SIGINT');
    const { signal, stdout } = await mirror.ended;
    expect(signal).toBe('SIGINT');
    expect(stdout).toMatch(/Stopping on SIGTERM : .*\n/);
  });
});
