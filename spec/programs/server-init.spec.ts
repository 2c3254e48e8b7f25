import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverPrograms } from '../support/server-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the server program, told to make a data folder,', () => {
  const scene = serverPrograms();
  const beside = temporaryFolder();

  const contentOf = (...names: readonly string[]) => readFileSync(scene().at(...names), 'utf8');
  const modeOf = (...names: readonly string[]) => statSync(scene().at(...names)).mode & 0o777;

  it('says so when the password could not be shown to anybody', async () => {
    if (!existsSync('/dev/full')) pending('there is no /dev/full here');
    const { status, stderr } = await scene().run(['init', '--data', scene().data], { before: 'exec > /dev/full' })
      .ended;
    expect([status, stderr]).toEqual([
      1,
      `miniftpd: Cannot write the output: the disk is full. Nobody knows the password: remove ${scene().data}, and call init again\n`,
    ]);
  });

  it('D1: makes admin/password and zhangsan/123 with --demo, on port 8808 of this machine', async () => {
    const { status, stdout, stderr } = await scene().init();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Administrator : admin\n');
    expect(stdout).not.toContain('Password');
    expect(JSON.parse(contentOf('conf.json'))).toEqual({ listen: '127.0.0.1', port: 8808 });
    expect(readdirSync(scene().at('docs'))).toEqual(['zhangsan']);
    const { session } = await scene().start();
    expect(await (await session()).code('NOOP')).toBe(200);
  });

  for (const address of ['0.0.0.0', '::', '127.0.0.1.example']) {
    it(`D1: lets a demo listen on this machine only, and not on ${address}`, async () => {
      await scene().init();
      const { status, stdout, stderr } = await scene().run(['--data', scene().data, '--port', '0', '--listen', address])
        .ended;
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr.trimEnd().split('\n').length).toBe(1);
      expect(stderr).toContain(`--listen`);
      expect(stderr).toContain(address);
    });
  }

  it('D1: makes no demo that others could reach', async () => {
    const { status, stdout, stderr } = await scene().init('--listen', '0.0.0.0');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^miniftpd: --listen 0\.0\.0\.0: everybody knows the passwords of this demo.*\n$/);
    expect(existsSync(scene().data)).toBeFalse();
  });

  it('says in one line that it cannot make a folder where the system takes none', async () => {
    if (!existsSync('/proc/self')) pending('there is no /proc here');
    const { status, stderr } = await scene().run(['init', '--data', '/proc/none/data']).ended;
    expect(status).toBe(2);
    expect(stderr).toMatch(/^miniftpd: The data folder \/proc\/none\/data cannot be made: the system says E[A-Z]+\n$/);
  });

  it('D1: lets it listen on ::1', async () => {
    await scene().init();
    const { address, session } = await scene().start(['--listen', '::1']);
    expect(address).toBe('[::1]');
    await session();
  });

  it('makes up a password for the administrator and shows it once', async () => {
    const { status, stdout } = await scene().run(['init', '--data', scene().data]).ended;
    expect(status).toBe(0);
    const [, password = ''] = /^Password {6}: ([a-z2-9]{5}(?:-[a-z2-9]{5}){3}) /m.exec(stdout) ?? [];
    expect(password).not.toBe('');
    for (const file of readdirSync(scene().data, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(password);
    }
    const second = await scene().run(['init', '--data', join(beside(), 'other')]).ended;
    expect(second.stdout).not.toContain(password);
  });

  it('S3: takes the password from a file, shows it nowhere, and keeps its hash', async () => {
    const file = join(beside(), 'password');
    writeFileSync(file, 'correct horse\nbattery', { mode: 0o600 });
    const { status, stdout } = await scene().run(['init', '--data', scene().data, '--admin-password-file', file]).ended;
    expect(status).toBe(0);
    expect(stdout).not.toContain('horse');
    const accounts = contentOf('users', 'accounts.json');
    expect(accounts).not.toContain('horse');
    expect(accounts).toContain('$scrypt$ln=15,r=8,p=1$');
  });

  it('lets nobody else look into the folder', async () => {
    await scene().init();
    expect([modeOf(), modeOf('docs'), modeOf('log'), modeOf('users')]).toEqual([0o700, 0o700, 0o700, 0o700]);
    expect([modeOf('conf.json'), modeOf('users', 'accounts.json')]).toEqual([0o600, 0o600]);
  });

  it('writes the other options that are given to conf.json', async () => {
    const { status } = await scene().init('--port', '2121', '--max-sessions=7', '--verbose', '--ban-time', '1h');
    expect(status).toBe(0);
    const wanted = { listen: '127.0.0.1', port: 2121, verbose: true, 'max-sessions': 7, 'ban-time': '1h' };
    expect(JSON.parse(contentOf('conf.json'))).toEqual(wanted);
    expect((await scene().run(['check', '--data', scene().data]).ended).status).toBe(0);
  });

  it('takes an empty folder, and makes it its own', async () => {
    mkdirSync(scene().data, { mode: 0o755 });
    expect((await scene().init()).status).toBe(0);
    expect(modeOf()).toBe(0o700);
  });

  it('leaves a folder as it is that is there already', async () => {
    await scene().init();
    const before = contentOf('users', 'accounts.json');
    const { status, stdout, stderr } = await scene().init();
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`miniftpd: ${scene().data} is there already and not empty; nothing was changed\n`);
    expect(contentOf('users', 'accounts.json')).toBe(before);
  });

  const wrong: Readonly<Record<string, (file: string) => void>> = {
    'that is not there': () => undefined,
    'that begins with an empty line': (file) => writeFileSync(file, '\nsecret'),
    'that is too large': (file) => writeFileSync(file, 'x'.repeat(70_000)),
    'that holds no password a client could send': (file) => writeFileSync(file, 'a\0b'),
  };
  for (const [what, make] of Object.entries(wrong)) {
    it(`refuses a password file ${what}, in one line`, async () => {
      const file = join(beside(), 'password');
      make(file);
      const { status, stdout, stderr } = await scene().run([
        'init',
        '--data',
        scene().data,
        '--admin-password-file',
        file,
      ]).ended;
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^miniftpd: .+\n$/);
      expect(stderr).not.toContain('secret');
    });
  }
});
