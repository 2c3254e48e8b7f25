import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlLine } from '../support/control-line.ts';
import { type ListeningServer, serverPrograms } from '../support/server-program.ts';

const MIB = 1024 * 1024;

describe('the server program, asked to stop,', () => {
  const scene = serverPrograms();
  let server: ListeningServer;

  beforeEach(() => scene().init());

  /** A download of 50 MiB that has begun and stands still until it is read on. */
  async function crawling(): Promise<{ line: ControlLine; rest: () => Promise<number> }> {
    writeFileSync(scene().at('docs', 'zhangsan', 'large'), Buffer.alloc(50 * MIB));
    const line = await server.session();
    const data = await line.dataConnection();
    let bytes = 0;
    const ended = new Promise<void>((resolve) => data.once('close', () => resolve()));
    data.pause();
    expect(await line.code('RETR large')).toBe(150);
    const rest = async () => {
      data.on('data', (chunk: Buffer) => (bytes += chunk.length)).resume();
      await ended;
      return bytes;
    };
    return { line, rest };
  }

  it('threat 42: takes nobody in, sends idle ones away with 421, and lets a transfer of 50 MiB come to its end', async () => {
    server = await scene().start();
    const idle = await server.session();
    const stranger = await server.line();
    const { line, rest } = await crawling();
    server.program.signal('SIGTERM');
    expect([(await idle.reply()).code, (await stranger.reply()).code]).toEqual([421, 421]);
    await expectAsync(ControlLine.to(server.port)).toBeRejected();
    expect(await rest()).toBe(50 * MIB);
    expect(await line.codes(2)).toEqual([226, 421]);
    expect((await server.program.ended).status).toBe(0);
  });

  it('threat 42: breaks a transfer off that takes longer than --stop-timeout', async () => {
    server = await scene().start(['--stop-timeout', '0.2']);
    const { line } = await crawling();
    server.program.signal('SIGINT');
    expect(await line.codes(2)).toEqual([426, 421]);
    expect((await server.program.ended).status).toBe(0);
  });

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`threat 42: ends at once at a second ${signal}, by that signal: a shell shows ${status}`, async () => {
      server = await scene().start(['--stop-timeout', '3600', '--verbose']);
      await crawling();
      server.program.signal(signal);
      await server.program.waitForLine(/ - INFO - Stopping on /);
      server.program.signal(signal);
      expect((await server.program.ended).signal).toBe(signal);
    });
  }
});

describe('the server program, asked to stop while a disk does not answer,', () => {
  const scene = serverPrograms();
  const left = () => scene().at('docs', '.removed 0123456789abcdef');

  /** One for which removing a file never ends, in which it is when this is fulfilled. */
  async function hanging(): Promise<ListeningServer> {
    await scene().init();
    mkdirSync(left());
    writeFileSync(join(left(), 'file'), '');
    // Nobody ever opens its other end: the thread stays in that call of the system.
    const pipe = scene().at('pipe');
    execFileSync('mkfifo', [pipe]);
    const hang = `import fs, { open } from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      fs.unlink = () => { console.log('hangs'); return open(${JSON.stringify(pipe)}, 'r'); };
      syncBuiltinESMExports();`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hang)}` };
    const server = await scene().start(['--verbose'], { env });
    await server.program.waitForLine(/^hangs$/);
    return server;
  }

  it('threat 42: ends by force after five seconds and says so, and goes on with what is left at its next start', async () => {
    const { program } = await hanging();
    program.signal('SIGTERM');
    const { signal, stdout } = await program.ended;
    expect(signal).toBe('SIGTERM');
    expect(stdout).toMatch(/ - ERROR - Not ended in order : a disk does not answer, the process is ended by force\n$/);
    const log = readdirSync(scene().at('log')).map((name) => readFileSync(scene().at('log', name), 'utf8'));
    expect(log.join('')).toContain(' - ERROR - Not ended in order : ');
    const next = await scene().start(['--verbose']);
    await next.program.waitForLine(/ Cleared away : 1 home folders of users who were removed$/);
    expect(existsSync(left())).toBeFalse();
    next.program.signal('SIGTERM');
    expect((await next.program.ended).status).toBe(0);
  }, 20_000);

  it('threat 42: ends at once at a second signal', async () => {
    const { program } = await hanging();
    program.signal('SIGTERM');
    await program.waitForLine(/ - INFO - Stopping on /);
    program.signal('SIGINT');
    expect((await program.ended).signal).toBe('SIGINT');
  });
});

describe('the server program, told by SIGHUP that conf.json has changed,', () => {
  const scene = serverPrograms();

  beforeEach(() => scene().init());

  async function hangUp({ program }: ListeningServer, line: RegExp): Promise<void> {
    program.signal('SIGHUP');
    await program.waitForLine(line);
  }

  it('S1: goes by it without ending a session', async () => {
    const server = await scene().start(['--verbose']);
    const line = await server.session();
    writeFileSync(scene().at('conf.json'), '{ "greeting": "another one", "max-sessions": 1, "port": 1 }');
    await hangUp(server, / - INFO - Read again : conf\.json holds now$/);
    expect(await line.code('NOOP')).toBe(200);
    const refused = ControlLine.to(server.port);
    await expectAsync(refused).toBeResolved();
    (await refused).close();
  });

  it('names what waits for the next start', async () => {
    const server = await scene().start(['--verbose', '--log-level', 'info']);
    writeFileSync(scene().at('conf.json'), '{ "log-utc": true, "listen": "127.0.0.3" }');
    await hangUp(server, / - INFO - Read again : conf\.json holds now, but listen, log-utc from the next start on$/);
  });

  it('stays as it is when conf.json is wrong or gone, and says so', async () => {
    const server = await scene().start(['--verbose', '--greeting', 'as it was']);
    writeFileSync(scene().at('conf.json'), '{ "max-sessions": 0 }');
    await hangUp(server, / - ERROR - Not read again : max-sessions in .*conf\.json/);
    rmSync(scene().at('conf.json'));
    await hangUp(server, / - ERROR - Not read again : --data .* is no data folder/);
    expect(await (await server.session()).code('NOOP')).toBe(200);
    expect(readFileSync(scene().at('run', 'lock'), 'utf8')).toContain(`"pid":${server.program.pid}`);
  });
});
