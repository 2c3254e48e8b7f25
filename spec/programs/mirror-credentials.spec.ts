import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { descendantsOf } from '../support/processes.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSWORD = 'secret';

/** How a user gives the password: in the site, by options, in the environment. */
interface Way {
  readonly site?: (port: number) => string;
  readonly options?: (folder: string) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const ways: Readonly<Record<string, Way>> = {
  'as a field of the site': { site: (port) => `127.0.0.1, steve, ${PASSWORD}, test, ${port}` },
  'in a URL': { site: (port) => `ftp://steve:${PASSWORD}@127.0.0.1:${port}/test` },
  'by --password-file': { options: (folder) => ['--password-file', join(folder, 'password')] },
  'by --password-command': { options: (folder) => ['--password-command', `cat ${join(folder, 'password')}`] },
  'by FTP_PASSWORD': { env: { FTP_PASSWORD: PASSWORD } },
  'by FILESMIRROR_PASSWORD_COMMAND': { env: { FILESMIRROR_PASSWORD_COMMAND: `echo ${PASSWORD}` } },
  'by ~/.netrc': {},
};

describe('the password of the mirror program', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  beforeEach(() => {
    mkdirSync(join(folder(), 'near'));
    for (let index = 0; index < 60; index += 1) writeFileSync(join(folder(), 'near', `${index}.txt`), 'content');
    secretFile('password', `${PASSWORD}\n`);
  });

  function secretFile(name: string, text: string): void {
    writeFileSync(join(folder(), name), text);
    chmodSync(join(folder(), name), 0o600);
  }

  const urlOfSite = (port: number) => `ftp://steve@127.0.0.1:${port}/test`;

  /** Neither the password nor anything that brings it may be seen from outside in a child. */
  function expectNothingToSee(pid: number, children: number): void {
    const seen = descendantsOf(pid);
    expect(seen).toHaveSize(children);
    for (const { commandLine, environment } of seen) {
      expect(commandLine).toContain('transfer-worker.js');
      expect(commandLine).not.toContain(PASSWORD);
      expect(environment).not.toContain(PASSWORD);
      expect(environment).not.toMatch(/FTP_PASSWORD|FILESMIRROR_/);
    }
  }

  for (const [how, { site = urlOfSite, options = () => [], env = {} }] of Object.entries(ways)) {
    it(`given ${how} reaches the children, but cannot be seen there`, async () => {
      if (how.includes('netrc')) secretFile('.netrc', `machine 127.0.0.1 login steve password ${PASSWORD}\n`);
      const words = [site(served().port), join(folder(), 'near'), '4', '60', '--multi', 'P2', ...options(folder())];
      const mirror = run('bin/mirror.js', { args: words, env: { HOME: folder(), XDG_STATE_HOME: folder(), ...env } });
      await mirror.waitForLine(/Cycle 1 done in .* 60 files sent/);
      expectNothingToSee(mirror.pid, 2);
      mirror.signal('SIGTERM');
      const { status, stdout, stderr } = await mirror.ended;
      expect(status).toBe(0);
      expect(stdout + stderr).not.toContain(PASSWORD);
    });
  }

  it('typed at the prompt is not shown, reaches the children, but cannot be seen there', async () => {
    const command = `node bin/mirror.js ${urlOfSite(served().port)} ${join(folder(), 'near')} 4 60 --multi P2 --no-progress`;
    // script(1) gives the program a terminal to ask on.
    const terminal = spawn('script', ['-qfec', command, '/dev/null'], {
      env: { PATH: process.env['PATH'], HOME: folder(), XDG_STATE_HOME: folder() },
    });
    let shown = '';
    const showed = async (pattern: RegExp) => {
      while (!pattern.test(shown)) await once(terminal.stdout, 'data');
    };
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    await showed(/[Pp]assword/);
    terminal.stdin.write(`${PASSWORD}\r`);
    await showed(/Cycle 1 done in .* 60 files sent/);
    const mirror = descendantsOf(terminal.pid ?? 0).find(({ commandLine }) =>
      commandLine.startsWith('node\0bin/mirror.js'),
    );
    expectNothingToSee(mirror?.pid ?? 0, 2);
    process.kill(mirror?.pid ?? 0, 'SIGTERM');
    await once(terminal, 'close');
    expect(shown).not.toContain(PASSWORD);
  });
});
