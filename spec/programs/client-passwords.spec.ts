import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clientScene } from '../support/client-scene.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { HostileServer } from '../support/hostile-server.ts';

describe('the password that the client program is given', () => {
  const scene = clientScene();
  const served = servedFolder();
  let other: HostileServer;

  beforeEach(async () => {
    other = await HostileServer.start();
  });
  afterEach(() => other.stop());

  const ways: readonly (readonly [way: string, options: readonly string[], env: Readonly<Record<string, string>>])[] = [
    ['FTP_PASSWORD', [], { FTP_PASSWORD: 'secret' }],
    ['--password-file', ['--password-file', 'pw'], {}],
    ['--password-command', ['--password-command', 'cat pw'], {}],
  ];

  for (const [way, options, env] of ways) {
    const run = (commands: string, ...address: readonly string[]) => {
      writeFileSync(join(scene().near, 'pw'), 'secret\n', { mode: 0o600 });
      return scene().bare([...address, '-c', commands, ...options], { env }).ended;
    };
    const site = (user = 'steve') => `ftp://${user}@127.0.0.1:${served().port}/`;

    it(`goes to nobody but the site of the command line: ${way}`, async () => {
      const { status, stderr } = await run(`open ftp://steve@127.0.0.1:${other.port}/`, site());
      expect(status).toBe(2);
      expect(stderr).toContain('use ~/.netrc or a terminal');
      expect(stderr).toContain('for the address of the command line only');
      expect(other.commands.filter((command) => command.startsWith('PASS'))).toEqual([]);
    });

    it(`goes to no other user of that site: ${way}`, async () => {
      expect((await run('user admin', site())).status).toBe(2);
    });

    it(`is there when that site is opened again: ${way}`, async () => {
      const { status, stdout } = await run(`close; open ${site()}; pwd`, site());
      expect(status).toBe(0);
      expect(stdout).toMatch(/\/\n$/);
    });

    it(`gives way to a password in an address that is opened later: ${way}`, async () => {
      expect((await run(`open ftp://me:own@127.0.0.1:${other.port}/`, site())).status).toBe(0);
      expect(other.commands.filter((command) => command.startsWith('PASS'))).toEqual(['PASS own']);
      const again = await run(`open ftp://steve:wrong@127.0.0.1:${served().port}/`, site());
      expect([again.status, again.stderr]).toEqual([3, jasmine.stringMatching(/530/)]);
      const { status, stderr } = await run(`open ftp://steve:secret@127.0.0.1:${served().port}/`, site());
      expect(status).withContext(stderr).toBe(0);
    });

    it(`gives way to ~/.netrc for other sites: ${way}`, async () => {
      mkdirSync(scene().near, { recursive: true });
      writeFileSync(join(dirname(scene().near), '.netrc'), 'machine 127.0.0.1 login me password other\n', {
        mode: 0o600,
      });
      expect((await run(`open ftp://me@127.0.0.1:${other.port}/`, site())).status).toBe(0);
      expect(other.commands.filter((command) => command.startsWith('PASS'))).toEqual(['PASS other']);
    });
  }

  it('is for an address of the command line: without one options are refused, and the variable is not used', async () => {
    for (const option of ['--password-file', '--password-command']) {
      const { status, stderr } = await scene().bare([option, 'pw', '-c', 'lpwd']).ended;
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /^miniftp: --password-\w+: is for the address of the command line only, and there is none\n$/,
      );
    }
    const env = { FTP_PASSWORD: 'secret' };
    const opened = scene().bare(['-c', `open ftp://me@127.0.0.1:${other.port}/`], { env });
    expect((await opened.ended).status).toBe(2);
    expect(other.commands.filter((command) => command.startsWith('PASS'))).toEqual([]);
  });

  describe('in an address is warned of as what it is:', () => {
    const open = () => `open ftp://steve:secret@127.0.0.1:${served().port}/`;
    const said = async (args: readonly string[], stdin?: string) => {
      const { status, stderr } = await scene().bare(args, stdin === undefined ? {} : { stdin }).ended;
      expect(status).withContext(stderr).toBe(0);
      return stderr;
    };

    it('in the command line', async () => {
      const address = open().replace('open ', '');
      expect(await said([address, '-c', 'pwd'])).toMatch(
        /^The password stands in the command line, .* --password-file/,
      );
      const later = await said(['-c', open()]);
      expect(later).toMatch(/^The password stands in the command line, .*use ~\/\.netrc\n$/);
    });

    it('in a script, also when there are commands besides', async () => {
      writeFileSync(join(scene().near, 'script'), `${open()}\n`);
      const line =
        'The password stands in the script, where everybody who can read that can read it: leave it out of the address and use ~/.netrc\n';
      expect(await said(['-f', 'script'])).toBe(line);
      expect(await said(['-c', 'lpwd', '-f', 'script'])).toBe(line);
      expect(await said([], `${open()}\n`)).toBe(line);
    });
  });
});
