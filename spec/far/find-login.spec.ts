import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../lib/base/run-command.ts';
import { explicitSourceFaults, findPassword, findUser, type LoginRequest } from '../../lib/far/find-login.ts';
import type { SiteParts } from '../../lib/ftp/site-parts.ts';
import type { Surroundings } from '../../lib/mirror/surroundings.ts';
import { plainSurroundings } from '../support/surroundings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const guestSite: SiteParts = { protocol: 'ftp', host: 'host', port: 21, directory: 'dir' };
const site: SiteParts = { ...guestSite, user: 'steve' };

describe('a login', () => {
  const folder = temporaryFolder();

  async function find(request: Partial<LoginRequest>, changes: Partial<Surroundings> = {}) {
    const surroundings = plainSurroundings(folder(), changes);
    const full = { parameter: 'ftp_website', site, passwordFile: undefined, passwordCommand: undefined, ...request };
    const user = await findUser(full, surroundings);
    const password = await findPassword(full, user.secret, surroundings);
    return {
      user: user.secret.address.user,
      password: password.secret,
      warnings: [...user.warnings, ...password.warnings],
      faults: [...user.faults, ...password.faults].map(({ message }) => message),
    };
  }

  function write(name: string, text: string, mode = 0o600): string {
    const path = join(folder(), name);
    writeFileSync(path, text, { mode });
    return path;
  }

  it('is taken from the site with a warning', async () => {
    const { password, warnings } = await find({ site: { ...site, password: 'secret' } });
    expect(password).toBe('secret');
    expect(warnings).toEqual([jasmine.stringContaining('The password stands in the command line')]);
    expect(warnings.join()).not.toContain('secret');
  });

  it('is taken from the first line of a file', async () => {
    const passwordFile = write('password', ' secret \r\nmore');
    expect(await find({ passwordFile })).toEqual({ user: 'steve', password: ' secret ', warnings: [], faults: [] });
  });

  it('is taken from a file that others can read with a warning', async () => {
    const passwordFile = write('password', 'secret', 0o644);
    const { password, warnings } = await find({ passwordFile });
    expect(password).toBe('secret');
    expect(warnings).toEqual([jasmine.stringContaining(`Other users of this machine can read ${passwordFile}`)]);
  });

  it('is missing when the file is', async () => {
    const passwordFile = join(folder(), 'password');
    expect((await find({ passwordFile })).faults).toEqual([
      `--password-file "${passwordFile}": cannot be read: there is no such file or folder`,
    ]);
  });

  it('is missing when the first line of the file is empty', async () => {
    const passwordFile = write('password', '\nsecret');
    expect((await find({ passwordFile })).faults).toEqual([
      '--password-file: gives an empty first line instead of a password',
    ]);
  });

  it('is missing when the file is too long', async () => {
    const passwordFile = write('password', 'x'.repeat(70_000));
    expect((await find({ passwordFile })).faults).toEqual([
      '--password-file: holds more than 64 KiB, which is no password',
    ]);
  });

  it('is taken from the first line of what a command writes', async () => {
    const { password, faults } = await find({ passwordCommand: 'echo secret && echo more' }, { runCommand });
    expect([password, faults]).toEqual(['secret', []]);
  });

  it('is missing when the command fails, and nothing of the command or its output is shown', async () => {
    const { password, faults } = await find({ passwordCommand: 'echo secret; exit 3' }, { runCommand });
    expect([password, faults]).toEqual([undefined, ['--password-command: the command failed: it ended with status 3']]);
  });

  it('is missing when the command writes nothing', async () => {
    const { faults } = await find({ passwordCommand: 'true' }, { runCommand });
    expect(faults).toEqual(['--password-command: gives an empty first line instead of a password']);
  });

  it('is taken from FTP_PASSWORD', async () => {
    expect((await find({}, { environment: { FTP_PASSWORD: 'secret' } })).password).toBe('secret');
  });

  it('is taken from ~/.netrc', async () => {
    write('.netrc', 'machine host login steve password secret');
    expect(await find({})).toEqual({ user: 'steve', password: 'secret', warnings: [], faults: [] });
  });

  it('is taken from a ~/.netrc that others can read with a warning', async () => {
    write('.netrc', 'machine host login steve password secret', 0o644);
    expect((await find({})).warnings).toEqual([jasmine.stringContaining('.netrc: take the right from them')]);
  });

  it('needs no warning about a ~/.netrc that has nothing to hide', async () => {
    write('.netrc', 'machine host login steve', 0o644);
    expect((await find({}, { environment: {}, ask: async () => 'secret' })).warnings).toEqual([]);
  });

  it('has the user of ~/.netrc where the site names none', async () => {
    write('.netrc', 'machine host login mary password secret');
    const { user, password } = await find({ site: guestSite });
    expect([user, password]).toEqual(['mary', 'secret']);
  });

  it('has the user of ~/.netrc also with a password from elsewhere', async () => {
    write('.netrc', 'machine host login mary password other');
    const { user, password } = await find({ site: guestSite }, { environment: { FTP_PASSWORD: 'secret' } });
    expect([user, password]).toEqual(['mary', 'secret']);
  });

  it('has no control characters in the user of ~/.netrc', async () => {
    write('.netrc', String.raw`machine host login "a\r\nDELE b" password secret`);
    expect((await find({ site: guestSite })).faults).toEqual([
      'the login in ~/.netrc: must not hold control characters',
    ]);
  });

  it('does not read ~/.netrc when it is not needed', async () => {
    mkdirSync(join(folder(), '.netrc'));
    expect((await find({}, { environment: { FTP_PASSWORD: 'secret' } })).faults).toEqual([]);
  });

  it('tells of a ~/.netrc that cannot be read', async () => {
    mkdirSync(join(folder(), '.netrc'));
    expect((await find({})).faults[0]).toBe(`${join(folder(), '.netrc')}: cannot be read: it is a folder`);
  });

  it('tells of a ~/.netrc that is too long', async () => {
    write('.netrc', '#'.repeat(70_000));
    expect((await find({})).faults[0]).toBe(`${join(folder(), '.netrc')}: is larger than 64 KiB`);
  });

  it('is that of a guest where nothing names a user', async () => {
    expect(await find({ site: guestSite })).toEqual({
      user: 'anonymous',
      password: 'anonymous@',
      warnings: [],
      faults: [],
    });
  });

  it('needs no password for the user ftp', async () => {
    expect((await find({ site: { ...site, user: 'FTP' } })).password).toBe('anonymous@');
  });

  it('asks when nothing else has a password', async () => {
    const ask = jasmine.createSpy('ask').and.resolveTo('secret');
    expect((await find({}, { ask })).password).toBe('secret');
    expect(ask.calls.allArgs()).toEqual([['Password for ftp://steve@host:21/dir: ']]);
  });

  it('does not ask when something has one', async () => {
    const ask = jasmine.createSpy('ask').and.resolveTo('typed');
    await find({}, { ask, environment: { FTP_PASSWORD: 'secret' } });
    expect(ask).not.toHaveBeenCalled();
  });

  it('is missing where nobody can be asked', async () => {
    expect((await find({})).faults).toEqual([
      'password: no password for ftp://steve@host:21/dir: use --password-file, --password-command, FTP_PASSWORD, ~/.netrc or a terminal',
    ]);
  });

  it('is missing where the one who is asked refuses', async () => {
    expect((await find({}, { ask: async () => undefined })).faults.length).toBe(1);
  });

  it('has no control characters in its password', async () => {
    const { password, faults } = await find({}, { environment: { FTP_PASSWORD: 'a\r\nDELE b' } });
    expect([password, faults]).toEqual([undefined, ['password: must not hold control characters']]);
  });

  it('hears the sources in their order', async () => {
    write('.netrc', 'machine host login steve password netrc');
    const passwordFile = write('password', 'file');
    const changes: Partial<Surroundings> = {
      environment: { FTP_PASSWORD: 'environment' },
      runCommand: async () => ({ output: 'command\n' }),
      ask: async () => 'typed',
    };
    const passwords = [
      await find({ site: { ...site, password: 'site' } }, changes),
      await find({ passwordFile }, changes),
      await find({ passwordCommand: 'x' }, changes),
      await find({}, changes),
      await find({}, { ...changes, environment: { FTP_PASSWORD: '' } }),
    ];
    expect(passwords.map(({ password }) => password)).toEqual(['site', 'file', 'command', 'environment', 'netrc']);
  });
});

describe('explicitSourceFaults', () => {
  const none: LoginRequest = { parameter: 'ftp_website', site, passwordFile: undefined, passwordCommand: undefined };

  it('allows none of the named ways, or one', () => {
    for (const request of [none, { ...none, passwordFile: '/f' }, { ...none, site: { ...site, password: 'p' } }]) {
      expect(explicitSourceFaults(request)).toEqual([]);
    }
  });

  it('refuses two', () => {
    const faults = explicitSourceFaults({ ...none, site: { ...site, password: 'hunter2' }, passwordFile: '/f' });
    expect(faults.map(({ message }) => message)).toEqual([
      'password: given by ftp_website and --password-file: choose one way',
    ]);
  });

  it('refuses three', () => {
    const faults = explicitSourceFaults({
      parameter: 'ftp_website',
      site: { ...site, password: 'p' },
      passwordFile: '/f',
      passwordCommand: 'c',
    });
    expect(faults.map(({ rule }) => rule)).toEqual([
      'given by ftp_website and --password-file and --password-command: choose one way',
    ]);
  });
});
