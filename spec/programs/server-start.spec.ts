import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { freePort } from '../support/foreign/free-port.ts';
import { serverPrograms } from '../support/server-program.ts';
import { makeSmallDisk } from '../support/small-disk.ts';

describe('the server program', () => {
  const scene = serverPrograms();

  it('S1: listens, answers 220 within two seconds, and needs no further operation', async () => {
    await scene().init();
    const begun = performance.now();
    const { line, port, program } = await scene().start();
    const greeted = await line();
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(port).toBeGreaterThan(1023);
    expect(await greeted.code('NOOP')).toBe(200);
    program.signal('SIGTERM');
    const { status, stdout, stderr } = await program.ended;
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`MiniFTP listens on 127.0.0.1:${port}\n`);
  });

  it('S2: listens on the address and port of conf.json, and on others when that is changed', async () => {
    const [first, second] = [await freePort(), await freePort('127.0.0.2')];
    await scene().init('--port', String(first));
    const begin = async () => {
      const program = scene().run(['start', '--data', scene().data]);
      const [, where] = await program.waitForLine(/^MiniFTP listens on (.+)$/);
      program.signal('SIGTERM');
      await program.ended;
      return where;
    };
    expect(await begin()).toBe(`127.0.0.1:${first}`);
    writeFileSync(scene().at('conf.json'), JSON.stringify({ listen: '127.0.0.2', port: second }));
    expect(await begin()).toBe(`127.0.0.2:${second}`);
  });

  it('S4: gives each user a folder of their own, and nobody that of another', async () => {
    await scene().init();
    const { session } = await scene().start();
    const line = await session();
    expect((await line.ask('PWD')).lines[0]).toMatch(/^"\/" /);
    await line.upload('STOR mine', 'content');
    expect(readFileSync(scene().at('docs', 'zhangsan', 'mine'), 'utf8')).toBe('content');
    writeFileSync(scene().at('docs', 'beside'), 'of another');
    expect(await line.code('RETR ../beside')).toBe(550);
    expect((await line.download('NLST /..')).toString()).toBe('/../mine\r\n');
  });

  it('A3: removes what is left of the files of a user whose removal was cut off, and nothing else', async () => {
    await scene().init();
    mkdirSync(scene().at('docs', '.removed 0123456789abcdef', 'folder'), { recursive: true });
    writeFileSync(scene().at('docs', '.removed 0123456789abcdef', 'folder', 'file'), 'content');
    mkdirSync(scene().at('docs', '.removed'));
    const { program } = await scene().start(['--verbose']);
    await program.waitForLine(/ Cleared away : 1 home folders of users who were removed$/);
    expect(readdirSync(scene().at('docs')).sort()).toEqual(['.removed', 'zhangsan']);
  });

  for (const [name, problem] of [
    ['docs', /docs cannot be used: it is no folder$/],
    ['log', /The folder of the log, .*log, cannot be made: the system says EEXIST$/],
  ] as const) {
    it(`does not start, and says why, when ${name} is a file`, async () => {
      await scene().init();
      rmSync(scene().at(name), { recursive: true });
      writeFileSync(scene().at(name), '');
      const { status, stdout, stderr } = await scene().run(['--data', scene().data, '--port', '0']).ended;
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr.trimEnd()).toMatch(problem);
      expect(stderr.trimEnd().split('\n').length).toBe(1);
    });
  }

  it('serves what lies on a disk that takes no changes, and says what cannot be done', async () => {
    await scene().init();
    const docs = scene().at('docs');
    rmSync(docs, { recursive: true });
    const disk = makeSmallDisk(docs, 64);
    try {
      if (!disk.isShared) pending('no file system of its own can be mounted here');
      mkdirSync(scene().at('docs', 'zhangsan'));
      mkdirSync(scene().at('docs', '.removed 0123456789abcdef'));
      writeFileSync(scene().at('docs', 'zhangsan', 'a'), 'content');
      disk.takeNoChanges();
      const problem = `Read only : ${docs} cannot be written, the system says EROFS: users can only download`;
      const check = await scene().run(['check', '--data', scene().data]).ended;
      expect(check).toEqual(jasmine.objectContaining({ status: 0, stderr: '' }));
      expect(check.stdout).toBe(`${problem}\nAll is well : a server could be started\n`);
      const { program, session } = await scene().start(['--verbose']);
      await program.waitForLine(new RegExp(` - WARN - ${problem}$`));
      await program.waitForLine(/ - WARN - Not cleared away : .*: the system says EROFS; remove them yourself$/);
      const line = await session();
      expect((await line.download('RETR a')).toString()).toBe('content');
      await line.dataConnection();
      expect([await line.code('STOR b'), await line.code('MKD c'), await line.code('DELE a')]).toEqual([550, 550, 550]);
      program.signal('SIGTERM');
      expect((await program.ended).status).toBe(0);
    } finally {
      disk.dispose();
    }
  });

  it('does not start without the folder of the users: a disk may not be mounted', async () => {
    await scene().init();
    rmSync(scene().at('docs'), { recursive: true });
    const { status, stderr } = await scene().run(['--data', scene().data, '--port', '0']).ended;
    expect(status).toBe(2);
    expect(stderr).toMatch(/^miniftpd: .*docs cannot be used: there is no such file or folder\n$/);
  });

  it('threat 36: tells the hash of no larger file than --max-hash-size, and of a part of one', async () => {
    await scene().init();
    const { session } = await scene().start(['--max-hash-size', '3']);
    const line = await session();
    await line.upload('STOR small', 'abc');
    await line.upload('STOR large', 'abcd');
    expect([await line.code('HASH small'), await line.code('HASH large')]).toEqual([213, 556]);
    expect([await line.code('RANG 0 2'), await line.code('HASH large')]).toEqual([350, 213]);
  });

  for (const port of ['70000', '-1', 'abc', '80.5', '', '65536']) {
    it(`B1: refuses the port ${JSON.stringify(port)} in one line, without a stack`, async () => {
      await scene().init();
      const { status, stdout, stderr } = await scene().run(['--data', scene().data, '--port', port]).ended;
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^miniftpd: --port( ".*")?: .+\n$/);
    });

    it(`B1: refuses it in conf.json as well: ${JSON.stringify(port)}`, async () => {
      await scene().init();
      writeFileSync(scene().at('conf.json'), `{ "port": ${JSON.stringify(port)} }`);
      const { status, stderr } = await scene().run(['--data', scene().data]).ended;
      expect(status).toBe(2);
      expect(stderr).toMatch(/^miniftpd: port in .*conf\.json( ".*")?: .+\n$/);
    });
  }

  it('takes what the command line says before the environment, and that before conf.json', async () => {
    await scene().init('--greeting', 'of the file');
    const env = { MINIFTPD_GREETING: 'of the environment' };
    const greetingOf = async (words: readonly string[], more: Readonly<Record<string, string>>) => {
      const { program, port } = await scene().start(words, { env: more });
      const socket = createConnection(port);
      const [text] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      program.signal('SIGTERM');
      await program.ended;
      return text.toString().trim();
    };
    expect(await greetingOf([], {})).toBe('220 of the file');
    expect(await greetingOf([], env)).toBe('220 of the environment');
    expect(await greetingOf(['--greeting', 'of the words'], env)).toBe('220 of the words');
  });

  it('refuses a second server on the same folder with status 5, in one line that names the first', async () => {
    await scene().init();
    const { program } = await scene().start();
    const { status, stdout, stderr } = await scene().run(['--data', scene().data, '--port', '0']).ended;
    expect([status, stdout]).toEqual([5, '']);
    expect(stderr).toMatch(new RegExp(`^miniftpd: .*lock is held by another instance: process ${program.pid}, .*\n$`));
  });

  it('takes over what a server left that was killed', async () => {
    await scene().init();
    const { program } = await scene().start();
    await program.stop();
    const { session } = await scene().start();
    await session();
  });

  it('tells in one line, with status 3, that the port is taken', async () => {
    await scene().init();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { status, stderr } = await scene().run(['--data', scene().data, '--port', String(port)]).ended;
    other.close();
    expect(status).toBe(3);
    expect(stderr).toMatch(new RegExp(`^miniftpd: Cannot listen on 127.0.0.1 port ${port}: another program does.*\n$`));
  });

  it('tells in one line, with status 3, that an address is not of this machine', async () => {
    await scene().run(['init', '--data', scene().data]).ended;
    const { status, stderr } = await scene().run(['--data', scene().data, '--listen', '192.0.2.1', '--port', '0'])
      .ended;
    expect(status).toBe(3);
    expect(stderr).toMatch(/^miniftpd: Cannot listen on 192\.0\.2\.1 .*no address of this machine\n$/);
  });

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no data folder', [], /^miniftpd: --data: must be given/],
    ['a folder that is none', ['--data', '/proc/self'], /^miniftpd: --data "\/proc\/self": is no data folder/],
    ['an unknown command', ['--data', '/x', 'strat'], /^miniftpd: command "strat": must be .*did you mean "?start/],
    ['a word too many', ['start', 'now', '--data', '/proc'], /^miniftpd: command "now": takes nothing behind start/m],
    ['an unknown option', ['--data', '/proc', '--prot', '1'], /^miniftpd: --prot: .*--port/m],
    ['an option of init', ['--data', '/proc', '--demo'], /^miniftpd: --demo: is for init only/m],
    ['an unknown variable', ['--data', '/proc'], /^miniftpd: MINIFTPD_PROT: .*MINIFTPD_PORT/m],
  ];
  for (const [what, words, line] of wrong) {
    it(`refuses ${what} with status 2`, async () => {
      const env = what === 'an unknown variable' ? { MINIFTPD_PROT: '1' } : {};
      const { status, stdout, stderr } = await scene().run(words, { env }).ended;
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(line);
      expect(stderr).not.toContain('    at ');
    });
  }

  it('shows its help and its version', async () => {
    const help = await scene().run(['--help', '--data']).ended;
    expect([help.status, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toMatch(/^Usage: node bin\/ftp-server\.js /);
    const version = await scene().run(['-V']).ended;
    expect([version.status, version.stdout]).toEqual([0, jasmine.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  describe('told to check', () => {
    const check = () => scene().run(['check', '--data', scene().data]).ended;

    it('says that all is well, also while a server runs', async () => {
      await scene().init();
      await scene().start();
      expect(await check()).toEqual(jasmine.objectContaining({ status: 0, stderr: '' }));
    });

    it('tells what is wrong with conf.json, all of it', async () => {
      await scene().init();
      writeFileSync(scene().at('conf.json'), '{ "port": 70000, "lisen": "::", "demo": true, "data": "x" }');
      const { status, stderr } = await check();
      expect(status).toBe(2);
      expect(stderr.trimEnd().split('\n').length).toBe(4);
    });

    it('tells that the accounts cannot be read', async () => {
      await scene().init();
      writeFileSync(scene().at('users', 'accounts.json'), '{');
      const { status, stderr } = await check();
      expect(status).toBe(2);
      expect(stderr).toMatch(/^miniftpd: .*accounts\.json.*\n$/);
    });
  });
});
