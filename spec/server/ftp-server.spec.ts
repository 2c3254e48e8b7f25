import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FtpServer } from '../../lib/server/ftp-server.ts';
import type { SessionInfo } from '../../lib/server/session-events.ts';
import { ControlLine } from '../support/control-line.ts';
import { servedFolder, startServer } from '../support/ftp-server.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('FtpServer', () => {
  const served = servedFolder();

  it('listens on a free port of this machine only, unless told', async () => {
    expect(served().address).toBe('127.0.0.1');
    expect(served().port).toBeGreaterThan(1023);
  });

  it('refuses to listen on a port that is taken', async () => {
    const second = startServer({ home: served().home }, { port: served().port });
    await expectAsync(second).toBeRejectedWith(jasmine.objectContaining({ code: 'EADDRINUSE' }));
  });

  it('serves several sessions at once', async () => {
    const lines = await Promise.all(Array.from({ length: 20 }, () => served().session()));
    await Promise.all(lines.map((line, index) => line.upload(`STOR f${index}`, String(index))));
    const contents = await Promise.all(lines.map((line, index) => line.download(`RETR f${index}`)));
    expect(contents.map(String)).toEqual(lines.map((_line, index) => String(index)));
  });

  it('tells of sessions, requests and replies, and never a password', async () => {
    const told: string[] = [];
    const { server } = served();
    const opened: SessionInfo[] = [];
    server.events.on('sessionOpened', ({ session }) => opened.push(session));
    server.events.on('requestReceived', ({ session, verb, argument }) =>
      told.push(`${session.id} ${verb} ${argument}`),
    );
    server.events.on('replySent', ({ session, code, text }) => told.push(`${session.id} ${code} ${text}`));
    const closed = once(server.events, 'sessionClosed');
    const line = await served().line();
    await line.ask('user steve');
    await line.ask('pass secret');
    await line.ask('QUIT');
    await closed;
    expect(opened).toEqual([{ id: 1, remoteAddress: '127.0.0.1', remotePort: line.localPort }]);
    expect(told).toEqual([
      '1 220 220 FilesMirror FTP server ready\r\n',
      '1 USER steve',
      '1 331 331 Password, please\r\n',
      '1 PASS ****',
      '1 230 230 Logged in\r\n',
      '1 QUIT ',
      '1 221 221 Goodbye\r\n',
    ]);
  });

  for (const line of [' PASS secret', 'PASS\tsecret', 'PAS secret', 'secret', 'PASSWORD secret']) {
    it(`threat 41: tells nothing that may be a password in what is no command: ${JSON.stringify(line)}`, async () => {
      const told: string[] = [];
      served().server.events.on('requestReceived', ({ verb, argument }) => told.push(`${verb} ${argument}`));
      expect(await (await served().line()).code(line)).toBe(500);
      expect(told.length).toBe(1);
      expect(told.join()).not.toMatch(/secret/i);
    });
  }

  it('tells of each session that it is closed, however it ends', async () => {
    const line = await served().line();
    const closed = once(served().server.events, 'sessionClosed');
    line.socket.resetAndDestroy();
    expect((await closed)[0]).toEqual({ session: jasmine.objectContaining({ id: 1 }) });
  });
});

describe('FtpServer that is given a greeting', () => {
  const served = servedFolder(() => ({ greeting: 'Hello\r\n500 forged' }));

  it('greets with it, on one line', async () => {
    const replies: string[] = [];
    served().server.events.on('replySent', ({ text }) => replies.push(text));
    await served().line();
    expect(replies).toEqual(['220 Hello??500 forged\r\n']);
  });
});

describe('FtpServer on IPv6 and IPv4 at once', () => {
  const served = servedFolder(() => ({ address: '::' }));

  it('knows an IPv4 client by its own address', async () => {
    const [line, [{ session }]] = await Promise.all([
      served().session(),
      once(served().server.events, 'sessionOpened') as Promise<[{ session: SessionInfo }]>,
    ]);
    expect(session.remoteAddress).toBe('127.0.0.1');
    expect(await line.code('PASV')).toBe(227);
    await line.upload('STOR a', 'x');
  });
});

describe('FtpServer, when its accounts cannot be asked', () => {
  it('answers 451 and tells why, and goes on', async () => {
    const server = new FtpServer({
      accounts: { check: () => Promise.reject(new Error('no store')), find: () => undefined },
    });
    const reasons: string[] = [];
    server.events.on('commandFailed', ({ verb, reason }) => reasons.push(`${verb}: ${reason}`));
    const line = await ControlLine.to((await server.listen()).port);
    await line.ask('USER steve');
    expect((await line.ask('PASS secret')).lines).toEqual(['Local error']);
    expect(await line.code('NOOP')).toBe(200);
    expect(reasons).toEqual(['PASS: no store']);
    await server.close();
  });
});

describe('FtpServer.close', () => {
  const folder = temporaryFolder();

  it('sends everybody away with 421 and takes nobody in any more', async () => {
    const { server, port } = await startServer({ home: folder() });
    const line = await ControlLine.to(port);
    await line.logIn();
    await Promise.all([server.close(), line.closed()]);
    expect((await line.reply()).code).toBe(421);
    await expectAsync(ControlLine.to(port)).toBeRejected();
  });

  it('ends a transfer with 426, and keeps what has come', async () => {
    const { server, port } = await startServer({ home: folder() });
    const line = await ControlLine.to(port);
    await line.logIn();
    await line.dataConnection();
    await line.ask('STOR a');
    await server.close();
    expect(await line.codes(2)).toEqual([426, 421]);
  });

  it('answers nothing that comes behind the command which is under way', async () => {
    let answer = () => {};
    const asked = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
    const server = new FtpServer({ accounts: { check: () => asked, find: () => undefined } });
    const isAsking = new Promise<void>((resolve) => {
      server.events.on('requestReceived', ({ verb }) => (verb === 'PASS' ? resolve() : undefined));
    });
    const line = await ControlLine.to((await server.listen()).port);
    line.send('USER steve\r\nPASS secret\r\n');
    expect((await line.reply()).code).toBe(331);
    await isAsking;
    const closing = server.close();
    line.send('NOOP\r\n');
    for (let turn = 0; turn < 50; turn += 1) await line.nothing();
    answer();
    await closing;
    expect(await line.codes(2)).toEqual([530, 421]);
  });

  it('waits for no client that takes nothing', async () => {
    const { server, port } = await startServer({ home: folder() });
    writeFileSync(join(folder(), 'a'), Buffer.alloc(20_000_000));
    const line = await ControlLine.to(port);
    await line.logIn();
    const data = await line.dataConnection();
    data.pause();
    await line.ask('RETR a');
    line.socket.pause();
    line.send('HELP\r\n'.repeat(100_000));
    await server.close();
    line.close();
    data.destroy();
    expect(server.events.listenerCount('sessionClosed')).toBe(0);
  });

  it('waits for no count of what lies in a folder', async () => {
    const { server } = await startServer({ home: folder() });
    mkdirSync(join(folder(), 'sub'));
    writeFileSync(join(folder(), 'sub', 'a'), 'content');
    const counting = server.spaces.recount({ home: folder() });
    counting.catch(() => undefined);
    await server.close();
    await expectAsync(counting).toBeRejectedWith(jasmine.objectContaining({ code: 'E_ABORTED' }));
  });

  it('waits ten seconds for a session that does not end, breaks it off and says so', async () => {
    const clock = new ManualClock();
    let answer = () => {};
    const asked = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
    const server = new FtpServer({ accounts: { check: () => asked, find: () => undefined }, clock });
    const isAsking = new Promise<void>((resolve) => {
      server.events.on('requestReceived', ({ verb }) => (verb === 'PASS' ? resolve() : undefined));
    });
    const failures: string[] = [];
    server.events.on('sessionFailed', ({ session, reason }) => failures.push(`${session.id}: ${reason}`));
    const line = await ControlLine.to((await server.listen()).port);
    line.send('USER steve\r\nPASS secret\r\n');
    await isAsking;
    const closing = server.close();
    while (!clock.waits.includes(10_000)) await line.nothing();
    clock.advance(9_999);
    for (let turn = 0; turn < 50; turn += 1) await line.nothing();
    expect(failures).toEqual([]);
    clock.advance(1);
    await Promise.all([closing, line.closed()]);
    expect(failures).toEqual(['1: It did not end within 10 seconds, and was broken off']);
    expect(server.sessions().length).toBe(1);
    const ended = once(server.events, 'sessionClosed');
    answer();
    await ended;
  });

  it('may be called by whoever hears of a session', async () => {
    const { server, port } = await startServer({ home: folder() });
    const closing = new Promise<void>((resolve) => {
      server.events.once('sessionOpened', () => resolve(server.close()));
    });
    const line = await ControlLine.to(port);
    expect((await line.reply()).code).toBe(421);
    await closing;
  });

  it('is harmless twice, and before listening', async () => {
    const { server } = await startServer({ home: folder() });
    await Promise.all([server.close(), server.close()]);
    await server.close();
    await new FtpServer({ accounts: { check: async () => undefined, find: () => undefined } }).close();
  });
});
