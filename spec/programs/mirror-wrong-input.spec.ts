import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder } from '../support/ftp-server.ts';
import { programs } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Somebody who typed something wrong: what they typed, what they are told, and the exit status. */
interface Mistake {
  readonly words: readonly string[];
  readonly lines: readonly RegExp[];
}

const SITE = 'localhost,steve,,site';

describe('the mirror program, told something wrong,', () => {
  const folder = temporaryFolder();
  const run = programs();

  beforeEach(() => {
    mkdirSync(join(folder(), 'near'));
    writeFileSync(join(folder(), 'file.txt'), 'no folder');
  });

  const mistakes: Readonly<Record<string, Mistake>> = {
    'no arguments': {
      words: [],
      lines: [/ftp_website/, /local_directory/, /max_depth/, /refresh_frequency/],
    },
    'an unknown option': { words: [SITE, 'near', '4', '4', '--onec'], lines: [/--onec.*--once/] },
    'depth 0': { words: [SITE, 'near', '0', '4'], lines: [/max_depth "0"/] },
    'depth -1': { words: [SITE, 'near', '-1', '4'], lines: [/max_depth "-1"/] },
    'depth 007': { words: [SITE, 'near', '007', '4'], lines: [/max_depth "007"/] },
    'frequency -1': { words: [SITE, 'near', '4', '-1'], lines: [/refresh_frequency "-1"/] },
    'frequency 007': { words: [SITE, 'near', '4', '007'], lines: [/refresh_frequency "007"/] },
    'depth 0 and frequency 0': {
      words: [SITE, 'near', '0', '0'],
      lines: [/max_depth "0"/, /refresh_frequency "0"/],
    },
    '--multi X9': { words: [SITE, 'near', '4', '4', '--multi', 'X9'], lines: [/--multi "X9"/] },
    '--multi P4 and 3 processes': { words: [SITE, 'near', '4', '4', '3', '--multi', 'P4'], lines: [/--multi/] },
    'a missing folder': { words: [SITE, 'gone', '4', '4'], lines: [/local_directory "gone"/] },
    'a file as folder': { words: [SITE, 'file.txt', '4', '4'], lines: [/local_directory "file.txt"/] },
    'a port beyond 65535': { words: ['localhost,steve,,site,70000', 'near', '4', '4'], lines: [/ftp_website/] },
    'a password with a comma, not quoted': {
      words: ['localhost,steve,secret,comma,site,21', 'near', '4', '4'],
      lines: [/ftp_website: has more than five fields: .*double quotes/],
    },
    'a password with a comma, not quoted, and no port': {
      words: ['localhost,steve,secret,comma,site', 'near', '4', '4'],
      lines: [/ftp_website: the port/],
    },
    'an IPv6 host without brackets in a list of fields': {
      words: ['::1,steve,,site', 'near', '4', '4'],
      lines: [/ftp_website: the host .*in brackets/],
    },
    'an IPv6 host without brackets': {
      words: ['ftp://::1/site', 'near', '4', '4'],
      lines: [/in brackets/, /the port/],
    },
    'a line end in the far folder': { words: ['localhost,steve,,si\nte', 'near', '4', '4'], lines: [/ftp_website/] },
    'patterns that cannot be understood': {
      words: [SITE, 'near', '0', '4', '--exclude', '*.[md', '--include', '..'],
      lines: [
        /max_depth/,
        /^mirror: --exclude "\*\.\[md": cannot be understood: a \[ has no closing \]$/,
        /--include ".."/,
      ],
    },
    'a log file in a place that is none': {
      words: [SITE, 'near', '4', '4', '--log-file', 'file.txt/log'],
      lines: [/--log-file.*file\.txt/],
    },
  };

  for (const [what, { words, lines }] of Object.entries(mistakes)) {
    it(`(${what}) says so in one line for each fault and ends with status 2`, async () => {
      const { status, stdout, stderr } = await run(join(process.cwd(), 'bin/mirror.js'), {
        args: words,
        cwd: folder(),
        env: { FTP_PASSWORD: 'secret' },
      }).ended;
      expect(status).toBe(2);
      expect(stdout).toBe('');
      const told = stderr.trimEnd().split('\n');
      expect(told).withContext(stderr).toHaveSize(lines.length);
      for (const [index, pattern] of lines.entries()) expect(told[index]).toMatch(pattern);
      expect(stderr).not.toContain('secret');
    });
  }
});

describe('the mirror program, where nobody foresaw what fails,', () => {
  const folder = temporaryFolder();
  const run = programs();

  it('says so in one line and ends with status 70', async () => {
    // As where the working folder was removed; Node itself may not even start there.
    const script = join(folder(), 'start.mjs');
    const main = JSON.stringify(new URL('../../lib/mirror/main.js', import.meta.url).href);
    writeFileSync(
      script,
      `const { main } = await import(${main});
       process.cwd = () => {
         throw new Error('nobody foresaw this');
       };
       process.exitCode = await main(['${SITE}', 'near', '4', '4']);`,
    );
    const { status, stdout, stderr } = await run(script).ended;
    expect(status).toBe(70);
    expect(stdout).toBe('');
    expect(stderr).toBe('mirror: nobody foresaw this\n');
  });
});

describe('the mirror program, with a far side that does not do its part,', () => {
  const folder = temporaryFolder();
  const run = programs();
  const served = servedFolder();

  async function mirror(site: string, password = 'secret'): Promise<{ status: number | null; last: string }> {
    mkdirSync(join(folder(), 'near'));
    writeFileSync(join(folder(), 'near', 'a.txt'), 'a');
    const { status, stdout, stderr } = await run('bin/mirror.js', {
      args: [site, join(folder(), 'near'), '4', '4', '--once', '--state-dir', join(folder(), 'state')],
      env: { FTP_PASSWORD: password },
    }).ended;
    expect(stderr).toBe('');
    expect(stdout).not.toContain(password);
    return { status, last: stdout.trimEnd().split('\n').at(-1) ?? '' };
  }

  it('(nobody listens there) says so in one line and ends with status 3', async () => {
    const { port } = served();
    await served().server.close();
    const { status, last } = await mirror(`ftp://steve@127.0.0.1:${port}/site`);
    expect(status).toBe(3);
    expect(last).toMatch(/ - ERROR - Cannot connect to 127\.0\.0\.1 port \d+: .*ECONNREFUSED/);
  });

  it('(the host has no address) says so in one line and ends with status 3', async () => {
    const { status, last } = await mirror('ftp://steve@nobody.invalid/site');
    expect(status).toBe(3);
    expect(last).toMatch(/ - ERROR - Cannot connect to nobody\.invalid port 21: /);
  });

  it('(wrong password) says so in one line and ends with status 3', async () => {
    const { status, last } = await mirror(`ftp://steve@127.0.0.1:${served().port}/site`, 'wrong-password');
    expect(status).toBe(3);
    expect(last).toMatch(/ - ERROR - Cannot log in to 127\.0\.0\.1 as steve: the server answered 530/);
  });

  it('(the far folder cannot be made) says so in one line and ends with status 3', async () => {
    writeFileSync(join(served().home, 'taken'), 'a file');
    const { status, last } = await mirror(`ftp://steve@127.0.0.1:${served().port}/taken/site`);
    expect(status).toBe(3);
    expect(last).toMatch(/ - ERROR - Cannot make the folder \/taken\/site on the site: the server answered 5\d\d/);
  });
});
