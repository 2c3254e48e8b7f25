import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../../lib/accounts/data-folder.ts';
import { admin, makeDataFolder } from '../support/administrator.ts';
import { ControlLine } from '../support/control-line.ts';
import { type Ended, programs, type RunningProgram, type RunOptions } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PASSWORD = "anna's own";

describe('the administrator program with a server that runs', () => {
  const place = temporaryFolder();
  const run = programs();
  let folder: DataFolder;
  let server: RunningProgram;
  let port = 0;

  beforeEach(async () => {
    folder = await makeDataFolder(join(place(), 'data'));
    writeFileSync(folder.configFile, JSON.stringify({ port: 0, 'ban-after': 2, 'login-delay': 0 }), { mode: 0o600 });
    await startServer();
  });

  async function startServer(): Promise<void> {
    server = run('bin/ftp-server.js', { args: ['--data', folder.root] });
    const [, found] = await server.waitForLine(/listens on 127\.0\.0\.1:(\d+)/);
    port = Number(found);
  }

  const LOGIN = { MINIFTP_ADMIN_PASSWORD: admin.password };

  async function tool(words: string, { env = LOGIN, stdin = '' }: RunOptions = {}): Promise<Ended> {
    const args = ['--data', folder.root, ...words.split(' ')];
    return run('bin/ftp-admin.js', { args, env, stdin }).ended;
  }

  async function add(name = 'anna', words = ''): Promise<void> {
    const { status, stderr } = await tool(`user add ${name} --password-stdin ${words}`.trim(), {
      stdin: `${PASSWORD}\n`,
    });
    expect([status, stderr]).toEqual([0, '']);
  }

  async function session(user = 'anna'): Promise<ControlLine> {
    const line = await ControlLine.to(port);
    await line.logIn(user, PASSWORD);
    return line;
  }

  async function loginCode(user = 'anna', password = PASSWORD): Promise<number> {
    const line = await ControlLine.to(port);
    await line.ask(`USER ${user}`);
    const { code } = await line.ask(`PASS ${password}`);
    line.close();
    return code;
  }

  const json = async (words: string) => JSON.parse((await tool(`${words} --json`)).stdout);

  it('S3: lets nobody in with a wrong password, and the right one in', async () => {
    const { status, stderr } = await tool('who', { env: { MINIFTP_ADMIN_PASSWORD: 'x' } });
    expect([status, stderr]).toEqual([3, 'ftp-admin: The name or the password of the administrator is wrong\n']);
    expect((await tool('who')).stdout).toBe('Nobody\n');
    expect(statSync(folder.controlSocket).mode & 0o777).toBe(0o600);
  });

  it('A1: without a password nothing works', async () => {
    const { status, stdout } = await tool('user list', { env: { MINIFTP_ADMIN_PASSWORD: undefined } });
    expect([status, stdout]).toEqual([2, '']);
  });

  it('A2: a user who was registered can log in at once, and sees the own folder', async () => {
    expect(await loginCode()).toBe(530);
    await add();
    const line = await session();
    await line.upload('STOR file', 'content');
    expect(readFileSync(join(folder.docs, 'anna', 'file'), 'utf8')).toBe('content');
    line.close();
  });

  it('A3: removing a user ends open sessions with 421 and keeps the files; the login is refused then', async () => {
    await add();
    await add('bert');
    const [line, other] = [await session(), await session('bert')];
    await line.upload('STOR file', 'content');
    expect((await tool('user del anna')).stdout).toMatch(/^User anna removed, 1 session ended, /);
    expect((await line.reply()).code).toBe(421);
    await line.closed();
    expect(await loginCode()).toBe(530);
    expect(existsSync(join(folder.docs, 'anna', 'file'))).toBe(true);
    expect(await other.code('NOOP')).toBe(200);
    other.close();
  });

  it('A3: removes the files with --purge, also of a user who is sending', async () => {
    await add();
    const line = await session();
    const data = await line.dataConnection();
    expect(await line.code('STOR big')).toBe(150);
    data.write(Buffer.alloc(300_000));
    expect((await tool('user del anna --purge --yes')).status).toBe(0);
    await line.closed();
    expect(existsSync(join(folder.docs, 'anna'))).toBe(false);
    data.destroy();
  });

  it('A4: shows quota, what is used, the last login and who is on', async () => {
    await add('anna', '--quota 10M');
    const line = await session();
    await line.upload('STOR file', 'x'.repeat(2_000));
    const [user] = await json('user list');
    expect(user).toEqual(
      jasmine.objectContaining({ name: 'anna', quotaBytes: 10 * 1024 ** 2, usedBytes: 2_000, online: 1 }),
    );
    expect(Math.abs(user.lastLoginMs - Date.now())).toBeLessThan(60_000);
    line.close();
  });

  it('A5: a quota below what is used refuses the next upload in an open session, and files stay readable', async () => {
    await add();
    const line = await session();
    await line.upload('STOR file', 'x'.repeat(2_000));
    expect((await tool('user quota anna 1k')).status).toBe(0);
    expect(await line.code('STOR other')).toBe(552);
    expect((await line.download('RETR file')).length).toBe(2_000);
    expect((await tool('user quota anna unlimited')).status).toBe(0);
    await line.upload('STOR other', 'x');
    line.close();
  });

  it('A6: the server goes on when the tool has ended', async () => {
    await add();
    const line = await session();
    await tool('user list');
    expect(await line.code('NOOP')).toBe(200);
    expect(await loginCode()).toBe(230);
    line.close();
  });

  it('ends the sessions of a user who is disabled, who gets in again when enabled', async () => {
    await add();
    const line = await session();
    await tool('user disable anna');
    expect((await line.reply()).code).toBe(421);
    expect(await loginCode()).toBe(530);
    await tool('user enable anna');
    expect(await loginCode()).toBe(230);
  });

  it('takes the right to write away in an open session', async () => {
    await add();
    const line = await session();
    await tool('user set anna --read-only');
    expect(await line.code('MKD x')).toBe(550);
    await tool('user set anna --no-read-only');
    expect(await line.code('MKD x')).toBe(257);
    line.close();
  });

  it('shows who is on, and ends one session by its number', async () => {
    await add();
    const [first, second] = [await session(), await session()];
    const [one] = await json('who');
    expect(one).toEqual(
      jasmine.objectContaining({ user: 'anna', address: '127.0.0.1', port: first.localPort, isTls: false }),
    );
    expect((await tool('who')).stdout).toMatch(/^id +user +address +TLS +since +idle +doing\n/);
    await tool(`kick ${one.id}`);
    expect((await first.reply()).code).toBe(421);
    expect(await second.code('NOOP')).toBe(200);
    expect((await tool('kick nobody')).status).toBe(1);
    second.close();
  });

  it('shows bans, and lifts one', async () => {
    await add();
    for (let tries = 0; tries < 30 && (await json('bans')).length === 0; tries += 1) {
      await loginCode('nobody', 'x').catch(() => 421);
    }
    const [ban] = await json('bans');
    expect([ban.kind, ban.name]).toEqual(['address', '127.0.0.1']);
    expect((await tool('unban 127.0.0.1')).stdout).toBe('127.0.0.1 may log in again\n');
    expect(await loginCode()).toBe(230);
    expect((await tool('unban 127.0.0.1')).status).toBe(1);
  });

  it('has settings read again, and tells what is wrong with them', async () => {
    expect((await tool('reload')).stdout).toBe('Read again\n');
    writeFileSync(folder.configFile, '{"port":"x"}');
    const { status, stdout } = await tool('reload');
    expect([status, stdout]).toEqual([1, jasmine.stringMatching(/^Nothing was changed:\nport in /)]);
  });

  it('shows the log of a user, and what was done', async () => {
    await add();
    await add('annabel');
    const [line, other] = [await session(), await session('annabel')];
    await line.upload('STOR file', 'content');
    const lines = (await tool('log --user anna -n 5')).stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((text) => /annabel/.test(text) || !/\banna\b/.test(text))).toEqual([]);
    const stats = await json('stats');
    expect(stats).toEqual(jasmine.objectContaining({ sessions: 2, uploads: 1, bytesIn: 7 }));
    expect((await tool('stats')).stdout).toMatch(/^running since/);
    for (const each of [line, other]) each.close();
  });

  it('finds all well, also with a ledger of files that came by other ways', async () => {
    await add();
    const line = await session();
    await line.upload('STOR file', 'content');
    const { status, stdout } = await tool('doctor');
    expect([status, stdout]).toEqual([0, jasmine.stringMatching(/ledger of the quotas/)]);
    writeFileSync(join(folder.docs, 'anna', 'copied'), 'x'.repeat(100));
    const found = await tool('doctor');
    expect([found.status, found.stdout]).toEqual([
      1,
      jasmine.stringMatching(/anna has 107 bytes, 7 were taken for used/),
    ]);
    expect((await tool('doctor')).status).toBe(0);
    line.close();
  });

  it('works on when the server is stopped, and when it is killed', async () => {
    server.signal('SIGTERM');
    expect((await server.ended).status).toBe(0);
    expect(existsSync(folder.controlSocket)).toBe(false);
    await add('bert');
    await startServer();
    expect(await loginCode('bert')).toBe(230);
    await server.stop();
    expect(existsSync(folder.controlSocket)).toBe(true);
    await add('carl');
    await startServer();
    expect(await loginCode('carl')).toBe(230);
  });

  it('shows no password and no hash in any log', async () => {
    await add();
    const line = await session();
    await tool('user passwd anna --password-stdin', { stdin: 'a new one\n' });
    await tool('who', { env: { MINIFTP_ADMIN_PASSWORD: 'not the one' } });
    line.close();
    server.signal('SIGTERM');
    await server.ended;
    const logs = readdirSync(folder.log).map((name) => readFileSync(join(folder.log, name), 'utf8'));
    expect(logs.length).toBeGreaterThan(1);
    expect(logs.join('\n')).not.toMatch(/anna's own|a new one|a password|not the one|scrypt/);
    expect(logs.join('\n')).toMatch(/ - INFO - Administration : admin user\.password anna, done/);
  });
});
