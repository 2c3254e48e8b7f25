import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { certificate } from '../support/certificate.ts';
import { type ListeningServer, serverPrograms } from '../support/server-program.ts';

describe('the log of the server program', () => {
  const scene = serverPrograms();

  beforeEach(() => scene().init());

  /** What all the files of the log hold. */
  const logged = () =>
    readdirSync(scene().at('log'))
      .map((name) => readFileSync(scene().at('log', name), 'utf8'))
      .join('');

  /** A session that does a little of everything. @returns what the program wrote to its output */
  async function usual(server: ListeningServer): Promise<string> {
    const stranger = await server.line();
    await stranger.ask('USER zhangsan');
    await stranger.ask('PASS not the right one');
    const line = await server.session();
    await line.upload('STOR a', 'content');
    await line.download('RETR a');
    await line.ask('MKD b');
    await line.ask('RETR missing');
    await line.ask('DELE a');
    await line.ask('QUIT');
    await stranger.ask('QUIT');
    server.program.signal('SIGTERM');
    return (await server.program.ended).stdout;
  }

  it('S7: is shown with --verbose, each line with its session', async () => {
    const shown = await usual(await scene().start(['--verbose']));
    const lines = shown.split('\n').map((line) => line.replace(/^.* - root - /, ''));
    for (const line of [
      /^INFO - Listening : 127\.0\.0\.1:\d+$/,
      /^INFO - Session opened : session 2, from 127\.0\.0\.1 port \d+$/,
      /^WARN - Login refused : session 1, user "zhangsan", from 127\.0\.0\.1, 530 Name or password is wrong$/,
      /^INFO - Logged in : session 2, user "zhangsan"$/,
      /^INFO - Transfer done : session 2, user "zhangsan", "STOR a" in "\/", 7 bytes in \d+ ms$/,
      /^INFO - Transfer done : session 2, user "zhangsan", "RETR a" in "\/", 7 bytes in \d+ ms$/,
      /^INFO - Done : session 2, "MKD b"$/,
      /^INFO - Transfer not done : session 2, user "zhangsan", "RETR missing" in "\/", "550 .*", 0 bytes in \d+ ms$/,
      /^INFO - Done : session 2, "DELE a"$/,
      /^INFO - Session closed : session 2$/,
      /^INFO - Stopping on SIGTERM : /,
    ]) {
      expect(lines.filter((each) => line.test(each)).length)
        .withContext(`${line} in\n${shown}`)
        .toBe(1);
    }
    expect(logged()).toBe(shown.replace(/^MiniFTP listens.*\n/m, ''));
  });

  it('S5: is in a file with the date of today, and shown nowhere without --verbose', async () => {
    const shown = await usual(await scene().start(['--log-utc', '--log-format', 'json']));
    expect(shown.split('\n').length).toBe(2);
    const [name = ''] = readdirSync(scene().at('log'));
    expect(name).toMatch(/^20\d{6}\.log$/);
    const records = logged()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(records.find(({ verb }) => verb === 'STOR')).toEqual(
      jasmine.objectContaining({ level: 'INFO', session: 2, user: 'zhangsan', argument: 'a', bytes: 7, code: 226 }),
    );
  });

  it('tells of a TLS handshake that failed, and why, in a line', async () => {
    const { certificate: pem, key } = certificate(0);
    writeFileSync(scene().at('tls.pem'), pem + key, { mode: 0o600 });
    const server = await scene().start(['--tls-cert', 'tls.pem', '--verbose']);
    const line = await server.line();
    expect(await line.code('AUTH TLS')).toBe(234);
    line.send('GET / HTTP/1.1\r\n\r\n');
    const why = / - WARN - TLS failed : session 1, from 127\.0\.0\.1, control connection, (.*)$/;
    const [, reason] = await server.program.waitForLine(why);
    expect(reason).toMatch(/^[a-z0-9 ]{5,60}$/i);
  });

  it('threat 16: has one line for each message, whatever a client sends', async () => {
    const server = await scene().start(['--verbose', '--log-level', 'debug']);
    const line = await server.line();
    line.send('USER x\u001b[2J\u0085\u2028\u202e2019-03-12 - root - INFO - Logged in : session 9\r\n');
    await line.reply();
    line.send(`PASS y\r\nMKD a\u0000b\r\nXYZZY \u001b]0;title\u0007 ${'long '.repeat(1000)}\r\nQUIT\r\n`);
    await line.codes(4);
    server.program.signal('SIGTERM');
    const { stdout } = await server.program.ended;
    const lines = stdout
      .trimEnd()
      .split('\n')
      .filter((each) => !each.startsWith('MiniFTP listens'));
    for (const each of lines) expect(each).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - root - [A-Z]+ - /);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(stdout).toContain('x\\u{1b}[2J');
  });

  it('threat 41: holds no password and no hash, at any level', async () => {
    writeFileSync(scene().at('conf.json'), '{ "log-level": "debug", "xferlog": true }');
    const shown = await usual(await scene().start(['--verbose']));
    const told = shown + logged();
    expect(told).toContain('PASS ****');
    expect(told).not.toContain('not the right one');
    expect(told).not.toMatch(/\bPASS (?!\*{4})/);
    expect(told).not.toContain('$scrypt');
    expect(readFileSync(scene().at('log', 'xferlog'), 'utf8')).toMatch(/ 7 \/a b _ i r zhangsan ftp 0 \* c\n/);
  });
});
