import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../../lib/accounts/data-folder.ts';
import { FileLock } from '../../lib/base/file-lock.ts';
import { admin, makeDataFolder } from '../support/administrator.ts';
import { descendantsOf } from '../support/processes.ts';
import { type Ended, programs, type RunOptions } from '../support/run-program.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSWORD = "anna's own";

describe('the administrator program without a server', () => {
  const place = temporaryFolder();
  const run = programs();
  let folder: DataFolder;

  beforeEach(async () => {
    folder = await makeDataFolder(join(place(), 'data'));
  });

  const LOGIN = { MINIFTP_ADMIN_PASSWORD: admin.password };

  async function tool(words: string, { args = [], env = LOGIN, stdin = '', ...more }: RunOptions = {}): Promise<Ended> {
    const all = ['--data', folder.root, ...words.split(' ').filter(Boolean), ...args];
    const ended = await run('bin/ftp-admin.js', { args: all, env, stdin, ...more }).ended;
    expect(ended.stderr).not.toMatch(/^ +at /m);
    return ended;
  }

  const addAnna = (words = '') => tool(`user add anna --password-stdin ${words}`, { stdin: `${PASSWORD}\n` });
  const lines = ({ stdout }: Ended) => stdout.trimEnd().split('\n');
  const names = async () =>
    (JSON.parse((await tool('user list --json')).stdout) as { name: string }[]).map(({ name }) => name);

  it('A3: tells in one line what it could not write, whatever else was done', async () => {
    if (!existsSync('/dev/full')) pending('there is no /dev/full here');
    const into = (words: string, before: string, stdin = '') => tool(words, { before, stdin });
    for (const words of ['user list --json', 'user list', '--help', '--version', 'user add anna --password-stdin']) {
      const { status, stderr } = await into(words, 'exec > /dev/full', `${PASSWORD}\n`);
      expect([status, stderr])
        .withContext(words)
        .toEqual([1, 'ftp-admin: Cannot write the output: the disk is full\n']);
    }
    expect(await names()).toEqual(['anna']);
    // A limit on the size of files stands for a disk that gets full: of the last write some bytes still fit.
    const { status, stderr } = await into('--help', `ulimit -f 1; exec > ${place()}/out`);
    expect([status, stderr]).toEqual([1, jasmine.stringMatching(/^ftp-admin: Cannot write the output: .*\n$/)]);
    const failed = await into('user show nobody', 'exec > /dev/full');
    expect([failed.status, failed.stderr]).toEqual([1, jasmine.stringMatching(/^ftp-admin: .*nobody.*\n$/)]);
  });

  describe('A1: the login', () => {
    for (const [what, env, words, line] of [
      ['no password', {}, 'user list', 'ftp-admin: password: no password of the administrator: use'],
      ['no password for the menu', {}, '', 'ftp-admin: command: is missing: the menu needs a terminal'],
      ['a file that is not there', {}, 'user list --admin-password-file none', 'ftp-admin: --admin-password-file "'],
    ] as const) {
      it(`with ${what} is refused in one line, and nothing is done`, async () => {
        const { status, stdout, stderr } = await tool(words, { env: { MINIFTP_ADMIN_PASSWORD: undefined, ...env } });
        expect([status, stdout]).toEqual([2, '']);
        expect(stderr.startsWith(line)).withContext(stderr).toBe(true);
        expect(stderr.trimEnd().split('\n')).toHaveSize(1);
        expect(existsSync(folder.auditFile)).toBe(false);
      });
    }

    for (const words of ['user list', 'user add bert --password-stdin', 'user del anna', 'dump x', 'log', 'who']) {
      it(`with a wrong password does not do ${words}, and ends with status 3`, async () => {
        await addAnna();
        const { status, stdout, stderr } = await tool(words, { env: { MINIFTP_ADMIN_PASSWORD: 'x' }, stdin: 'x\n' });
        expect([status, stdout]).toEqual([3, '']);
        expect(stderr).toBe('ftp-admin: The name or the password of the administrator is wrong\n');
        expect(await names()).toEqual(['anna']);
      });
    }

    it('with another name than the administrator is refused as well', async () => {
      expect((await tool('user list --admin root')).status).toBe(3);
    });

    it('with the password in a file works, with a warning when others can read it', async () => {
      const file = join(place(), 'password');
      writeFileSync(file, `${admin.password}\nanother line\n`, { mode: 0o600 });
      const args = ['--admin-password-file', file];
      const env = { MINIFTP_ADMIN_PASSWORD: 'goes behind the file' };
      const { status, stderr } = await tool('user list', { args, env });
      expect([status, stderr]).toEqual([0, '']);
      chmodSync(file, 0o644);
      expect((await tool('user list', { args, env })).stderr).toContain('Other users of this machine can read');
    });
  });

  describe('user add', () => {
    it('A2: registers a user with all settings', async () => {
      const words = '--quota 10M --read-only --sessions 2 --upload-rate 1M --addresses 127.0.0.1,10.0.0.0/8';
      const { status, stdout } = await addAnna(words);
      expect([status, stdout]).toEqual([0, 'User anna registered, quota 10.0 MiB\n']);
      const [user] = JSON.parse((await tool('user list --json')).stdout);
      expect(user).toEqual(
        jasmine.objectContaining({
          name: 'anna',
          quotaBytes: 10 * 1024 * 1024,
          usedBytes: 0,
          permissions: ['read'],
          limits: { sessions: 2, uploadBytesPerSecond: 1024 * 1024, addresses: ['127.0.0.1', '10.0.0.0/8'] },
        }),
      );
      expect(statSync(join(folder.docs, 'anna')).isDirectory()).toBe(true);
      expect(readFileSync(folder.accountsFile, 'utf8')).not.toContain(PASSWORD);
    });

    for (const name of ['', '../x', '.', 'a/b', 'a b', 'x'.repeat(300), 'a\n', 'ä']) {
      it(`A2: refuses the name ${JSON.stringify(name.slice(0, 10))} of ${name.length} in one line`, async () => {
        const options = { args: ['--password-stdin', '--', name], stdin: 'x\n' };
        const { status, stderr } = await tool('user add', options);
        expect(status).toBe(2);
        expect(stderr.trimEnd().split('\n')).toHaveSize(1);
        expect(await names()).toEqual([]);
      });
    }

    it('A2: refuses a name that is taken', async () => {
      await addAnna();
      const { status, stderr } = await addAnna();
      expect([status, stderr]).toEqual([1, 'ftp-admin: There is a user anna already\n']);
    });

    for (const [what, words, stdin] of [
      ['an empty input', '--password-stdin', ''],
      ['an empty first line', '--password-stdin', '\nx'],
      ['a first line without an end', '--password-stdin', 'x'.repeat(70_000)],
      ['nobody to ask', '', ''],
    ] as const) {
      it(`refuses ${what} instead of a password`, async () => {
        const { status, stderr } = await tool(`user add anna ${words}`, { stdin });
        expect(status).toBe(2);
        expect(stderr).toMatch(/^ftp-admin: .*password-stdin.*\n$/);
        expect(await names()).toEqual([]);
      });
    }
  });

  it('A4: shows users as a table and as JSON', async () => {
    await addAnna('--quota 2k');
    writeFileSync(join(folder.docs, 'anna', 'file'), 'x'.repeat(1_536));
    await tool('user add bert --password-stdin --disabled', { stdin: 'x\n' });
    const [head, ...rows] = lines(await tool('user list'));
    expect(head).toMatch(/^name +quota +used +may +last login +online$/);
    expect(rows[0]).toMatch(/^anna +2\.0 KiB +1\.5 KiB +read, write +never +0$/);
    expect(rows[1]).toMatch(/^bert +unlimited +0 B +disabled \(read, write\) +never +0$/);
    const { stdout } = await tool('user show anna');
    expect(stdout).toMatch(
      /^name +anna\nmay +read, write\nquota +2\.0 KiB\nused +1\.5 KiB\nsessions at a time +unlimited\n/,
    );
    expect(lines(await tool('user recount anna'))).toEqual(['The files of anna take 1.5 KiB']);
  });

  it('A5: changes quota and settings', async () => {
    await addAnna();
    expect((await tool('user quota anna 20M')).stdout).toContain('20.0 MiB');
    expect((await tool('user quota anna unlimited')).stdout).toMatch(/quota +unlimited/);
    expect((await tool('user quota anna much')).status).toBe(2);
    expect((await tool('user quota nobody 1M')).status).toBe(1);
    expect((await tool('user set anna --read-only --download-rate 5k')).stdout).toMatch(/downloads +5\.0 KiB\/s/);
    expect((await tool('user set anna --no-read-only')).stdout).toMatch(/may +read, write/);
    expect((await tool('user set anna')).stderr).toContain('Nothing to set');
    expect((await tool('user disable anna')).stdout).toMatch(/may +disabled/);
    expect((await tool('user enable anna')).stdout).toMatch(/may +read, write/);
  });

  describe('user del', () => {
    it('A3: keeps the files', async () => {
      await addAnna();
      const home = join(folder.docs, 'anna');
      const { status, stdout } = await tool('user del anna');
      expect([status, stdout]).toEqual([0, `User anna removed, 0 sessions ended, the files are still in ${home}\n`]);
      expect(existsSync(home)).toBe(true);
      expect(await names()).toEqual([]);
      expect((await tool('user del anna')).status).toBe(1);
    });

    it('A3: removes them with --purge and --yes only, and follows no links', async () => {
      await addAnna();
      const outside = join(place(), 'outside');
      mkdirSync(outside);
      writeFileSync(join(outside, 'file'), 'kept');
      symlinkSync(outside, join(folder.docs, 'anna', 'link'));
      const refused = await tool('user del anna --purge');
      expect(refused.status).toBe(4);
      expect(refused.stderr).toContain('use --yes if it is meant');
      expect(await names()).toEqual(['anna']);
      expect((await tool('user del anna --purge --yes')).status).toBe(0);
      expect(existsSync(join(folder.docs, 'anna'))).toBe(false);
      expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('kept');
    });
  });

  it('S3: changes name and password of the administrator, and only a hash is on the disk', async () => {
    expect((await tool('admin passwd --password-stdin', { stdin: 'another secret\n' })).status).toBe(0);
    expect((await tool('user list')).status).toBe(3);
    const env = { MINIFTP_ADMIN_PASSWORD: 'another secret' };
    expect((await tool('admin rename root', { env })).status).toBe(0);
    expect((await tool('user list', { env })).status).toBe(3);
    expect((await tool('user list --admin root', { env })).status).toBe(0);
    expect(readFileSync(folder.accountsFile, 'utf8')).not.toMatch(/another secret|a password/);
  });

  it('writes users out for its owner only, never over a file, and takes them in again', async () => {
    await addAnna();
    const file = join(place(), 'users.json');
    expect((await tool('dump', { args: [file] })).status).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await tool('dump', { args: [file] })).stderr).toContain('it is there already');
    await tool('user del anna');
    expect((await tool('load', { args: [file] })).status).toBe(4);
    expect((await tool('load --yes', { args: [file] })).stdout).toBe('Users taken in: 1\n');
    expect(await names()).toEqual(['anna']);
    writeFileSync(file, '{');
    expect((await tool('load --yes', { args: [file] })).stderr).toMatch(/: it is no JSON\n$/);
    writeFileSync(file, '{"version":1}');
    expect((await tool('load --yes', { args: [file] })).status).toBe(2);
  });

  it('leaves nothing of a file for the users that the disk has no room for, and says so in one line', async () => {
    const disk = makeSmallDisk(join(place(), 'full'), 64);
    try {
      if (!disk.isShared) pending('no file system of its own can be mounted here');
      const file = join(place(), 'full', 'users.json');
      const ballast = join(place(), 'full', 'ballast');
      expect(() => writeFileSync(ballast, Buffer.alloc(1_000_000))).toThrowError(/ENOSPC/);
      const { status, stdout, stderr } = await tool('dump', { args: [file] });
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toBe(`ftp-admin: Cannot write ${file}: the system says ENOSPC\n`);
      expect(readdirSync(join(place(), 'full'))).toEqual(['ballast']);
      rmSync(ballast);
      expect((await tool('dump', { args: [file] })).status).toBe(0);
      expect(readdirSync(join(place(), 'full'))).toEqual(['users.json']);
    } finally {
      disk.dispose();
    }
  });

  it('tells what is well and what is not', async () => {
    writeFileSync(folder.configFile, '{"port":0}', { mode: 0o600 });
    const { status, stdout } = await tool('doctor');
    expect([status, stdout.match(/^well {3}/gm)?.length]).toEqual([0, stdout.trimEnd().split('\n').length]);
    chmodSync(folder.accountsFile, 0o644);
    const wrong = await tool('check');
    expect(wrong.status).toBe(1);
    expect(wrong.stdout).toMatch(/^WRONG {2}accounts: others can use /m);
  });

  it('says that no server runs to who asks for one, with status 3', async () => {
    for (const words of ['who', 'kick 1', 'bans', 'unban x', 'reload', 'stats']) {
      const { status, stderr } = await tool(words);
      expect([status, stderr]).toEqual([3, jasmine.stringMatching(/^ftp-admin: No server runs on this data folder/)]);
    }
  });

  it('shows help without a login, of all or of one command', async () => {
    const all = await tool('--help', { env: { MINIFTP_ADMIN_PASSWORD: undefined } });
    expect([all.status, all.stderr]).toEqual([0, '']);
    expect(all.stdout).toContain('user quota NAME QUOTA');
    const one = await tool('user add --help');
    expect(one.stdout).toContain('--quota BYTES');
    expect(one.stdout).not.toContain('--purge');
    expect((await tool('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('makes and touches nothing in a folder that is no data folder', async () => {
    const other = join(place(), 'other');
    const args = ['--data', other, 'user', 'list'];
    const { status, stderr } = await run('bin/ftp-admin.js', { args, env: LOGIN, stdin: '' }).ended;
    expect([status, stderr]).toEqual([2, jasmine.stringMatching(/^ftp-admin: --data ".*": is no data folder/)]);
    expect(existsSync(other)).toBe(false);
    const none = await run('bin/ftp-admin.js', { args: ['user', 'list'], env: LOGIN, stdin: '' }).ended;
    expect(none.stderr).toMatch(/^ftp-admin: --data: is missing/);
  });

  it('does not take a folder that it cannot look into for none', async () => {
    const link = join(place(), 'circle');
    symlinkSync(link, link);
    const { status, stderr } = await run('bin/ftp-admin.js', {
      args: ['--data', link, 'user', 'list'],
      env: LOGIN,
      stdin: '',
    }).ended;
    expect(status).toBe(2);
    expect(stderr).toMatch(/^ftp-admin: --data ".*circle": cannot be looked into: its links lead in a circle\n$/);
  });

  it('takes the data folder from the variable of the server', async () => {
    const env = { ...LOGIN, MINIFTPD_DATA: folder.root };
    expect((await run('bin/ftp-admin.js', { args: ['user', 'list'], env, stdin: '' }).ended).status).toBe(0);
  });

  it('waits for another that works on the folder, and ends with status 5 when that goes on', async () => {
    const lock = FileLock.take(folder.lockFile);
    const waiting = tool('user list');
    await new Promise((resolve) => setImmediate(resolve));
    lock.release();
    expect((await waiting).status).toBe(0);
    const again = FileLock.take(folder.lockFile);
    expect((await tool('user list')).status).toBe(5);
    again.release();
  });

  it('does two things at once one after the other, and loses neither', async () => {
    const options = (name: string) => ({ args: ['--password-stdin', name], stdin: 'x\n' });
    const all = await Promise.all(['anna', 'bert', 'carl'].map((name) => tool('user add', options(name))));
    expect(all.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(await names()).toEqual(['anna', 'bert', 'carl']);
  });

  it('shows no secret to who looks at the process, and writes none down', async () => {
    const args = ['--data', folder.root, 'user', 'add', 'anna', '--password-stdin'];
    const program = run('bin/ftp-admin.js', { args, env: LOGIN });
    expect(readFileSync(`/proc/${program.pid}/cmdline`, 'utf8')).not.toContain(admin.password);
    expect(descendantsOf(program.pid)).toEqual([]);
    program.write(`${PASSWORD}\n`);
    const { status, stdout, stderr } = await program.ended;
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout + readFileSync(folder.auditFile, 'utf8')).not.toContain(PASSWORD);
  });
});
