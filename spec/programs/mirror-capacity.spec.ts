import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultProxy } from '../support/faults/fault-proxy.ts';
import { requireServer, startForeignServer } from '../support/foreign-server.ts';
import { servedFolder, startServer } from '../support/ftp-server.ts';
import { programs, type RunningProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compareTrees } from '../support/tree/compare-trees.ts';

const FILES = 240;
const PATIENCE_MS = 60_000;

describe('the mirror program', () => {
  const folder = temporaryFolder();
  const run = programs();
  let near: string;

  beforeEach(() => {
    near = join(folder(), 'near');
    for (const below of ['a', 'b', 'c']) {
      mkdirSync(join(near, below), { recursive: true });
      for (let index = 0; index < FILES / 3; index += 1) {
        writeFileSync(join(near, below, `${index}.txt`), `${below} ${index} `.repeat(2000));
      }
    }
  });

  function start(port: number, ...more: readonly string[]): RunningProgram {
    return run('bin/mirror.js', {
      args: [`ftp://steve@127.0.0.1:${port}/test`, near, '4', '1', ...more],
      env: { FTP_PASSWORD: 'secret', HOME: folder(), XDG_STATE_HOME: folder() },
    });
  }

  describe('with 8 workers and a server that takes 2 connections', () => {
    /** All have to arrive with no word of a failure, and the limit has to be told once. */
    function expectLearnt({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): void {
      expect(status).withContext(stdout).toBe(0);
      expect(stderr).toBe('');
      expect(stdout.match(/ - (WARN|ERROR) - .*/g)).toEqual([
        ' - WARN - The server takes 2 of 8 connections : the other workers wait',
      ]);
      expect(stdout).toMatch(new RegExp(`Cycle 1 done in .* ${FILES} files sent`));
      expect(stdout).not.toMatch(/failed/);
    }

    it(
      'sends all with 2 of them (embedded)',
      async () => {
        const home = join(folder(), 'home');
        mkdirSync(home);
        const { server, port } = await startServer({ home });
        const proxy = await FaultProxy.start({ host: '127.0.0.1', port });
        try {
          const full = '421 There are too many connected users, please try later';
          proxy.arm({ command: /^greeting$/, nth: 3, times: 1000, answer: full, closes: true });
          expectLearnt(await start(proxy.port, '--once', '--multi', 'P8').ended);
          expect(proxy.happened[0]).toBeGreaterThan(0);
          expect(compareTrees(near, join(home, 'test'), { times: true })).toEqual([]);
        } finally {
          await proxy.stop();
          await server.close();
        }
      },
      PATIENCE_MS,
    );

    it(
      'sends all with 2 of them (vsftpd)',
      async () => {
        requireServer('vsftpd');
        const { port, user, password, dataFolder, stop } = await startForeignServer('vsftpd', { maxClients: 2 });
        try {
          const mirror = run('bin/mirror.js', {
            args: [`ftp://${user}@127.0.0.1:${port}/test`, near, '4', '1', '--once', '--multi', 'P8'],
            env: { FTP_PASSWORD: password, HOME: folder(), XDG_STATE_HOME: folder() },
          });
          expectLearnt(await mirror.ended);
          expect(compareTrees(near, join(dataFolder, 'test'), { times: true })).toEqual([]);
        } finally {
          await stop();
        }
      },
      PATIENCE_MS,
    );
  });

  describe('in the middle of a cycle, when the server is stopped,', () => {
    const served = servedFolder();

    async function stopServerUnder(mirror: RunningProgram): Promise<void> {
      await mirror.waitForLine(/ - File created \/ updated : /);
      await served().server.close();
    }

    it(
      'waits, says so, and goes on when it is there again',
      async () => {
        const mirror = start(served().port, '--multi', 'P2');
        await stopServerUnder(mirror);
        await mirror.waitForLine(/ - WARN - The server is away : Cannot connect to /);
        await served().startAgain();
        await mirror.waitForLine(/ - INFO - The server is back : after 0:\d\d$/);
        await mirror.waitForLine(new RegExp(`Cycle 1 done in .* ${FILES} files sent`));
        mirror.signal('SIGTERM');
        const { status, stdout, stderr } = await mirror.ended;
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout).not.toMatch(/ - ERROR - /);
        expect(compareTrees(near, join(served().home, 'test'), { times: true })).toEqual([]);
      },
      PATIENCE_MS,
    );

    it(
      'gives up with --once after --wait, with status 3 and one line; the next run goes on',
      async () => {
        const mirror = start(served().port, '--multi', 'P2', '--once', '--wait', '1');
        await stopServerUnder(mirror);
        const { status, stdout, stderr } = await mirror.ended;
        expect([status, stderr]).toEqual([3, '']);
        expect(stdout.match(/ - ERROR - .*/g)).toEqual([
          jasmine.stringMatching(/ - ERROR - Cannot connect to 127\.0\.0\.1 port \d+: .*ECONNREFUSED/),
        ]);
        await served().startAgain();
        const next = await start(served().port, '--multi', 'P2', '--once').ended;
        expect(next.status).withContext(next.stdout).toBe(0);
        const sent = Number(/Cycle 1 done in .* (\d+) files sent/.exec(next.stdout)?.[1]);
        expect(sent).toBeLessThan(FILES);
        expect(compareTrees(near, join(served().home, 'test'), { times: true })).toEqual([]);
      },
      PATIENCE_MS,
    );

    it(
      'ends at once when it is asked to stop while it waits',
      async () => {
        const mirror = start(served().port, '--multi', 'P2');
        await stopServerUnder(mirror);
        await mirror.waitForLine(/ - WARN - The server is away : /);
        mirror.signal('SIGTERM');
        expect((await mirror.ended).status).toBe(0);
      },
      PATIENCE_MS,
    );
  });
});
