import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { ControlLine } from '../support/control-line.ts';
import { median } from '../support/median.ts';
import { processorTimeOf } from '../support/processes.ts';
import { type ListeningServer, serverPrograms } from '../support/server-program.ts';

const MIB = 1024 * 1024;

describe('the server program under attack', () => {
  const scene = serverPrograms();
  let sockets: Socket[] = [];

  beforeEach(() => scene().init());
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
  });

  /** Memory of the server, in bytes (proc(5)). */
  function memoryOf({ program }: ListeningServer): number {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))?.[1]) * 1024;
  }

  /** The first reply to somebody who may be sent away; `0` when there is none. */
  async function greetingOf({ port }: ListeningServer, localAddress = '127.0.0.1'): Promise<number> {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket);
    socket.on('error', () => undefined);
    const text = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => ['0'])]);
    return Number(String(text[0]).slice(0, 3));
  }

  async function guess(line: ControlLine, user: string, password = 'wrong'): Promise<number> {
    await line.ask(`USER ${user}`);
    return line.code(`PASS ${password}`);
  }

  it('threat 17: keeps flat memory at a line without end, answers it once, and hangs up at the third', async () => {
    const server = await scene().start();
    const other = await server.session();
    const line = await server.line();
    const send = async (mebibytes: number) => {
      for (let sent = 0; sent < mebibytes; sent += 1) {
        await new Promise<void>((resolve) => line.socket.write(Buffer.alloc(MIB, 'x'), () => resolve()));
      }
    };
    // What is read takes some memory of its own, until it is first collected.
    await send(64);
    const before = memoryOf(server);
    await send(128);
    expect((await line.reply()).code).toBe(500);
    expect(await other.code('NOOP')).toBe(200);
    expect(memoryOf(server) - before).toBeLessThan(40 * MIB);
    const long = 'x'.repeat(9000);
    line.send(`\r\n${long}\r\n${long}\r\n${long}\r\n`);
    expect(await line.codes(2)).toEqual([500, 500]);
    await line.closed();
  });

  it('threat 20: bans an address that guesses, and lets the right user in from another one', async () => {
    const server = await scene().start(['--login-delay', '0']);
    const before = await server.session();
    const codes: number[] = [];
    while (codes.length < 20) {
      const greeting = await greetingOf(server);
      if (greeting !== 220) codes.push(greeting);
      else codes.push(await guess(await server.line(), 'zhangsan'));
    }
    expect(codes.slice(0, 14)).toEqual(Array(14).fill(530));
    expect(codes.slice(14)).toEqual(Array(6).fill(421));
    expect(await before.code('NOOP')).toBe(200);
    expect(await guess(await server.line('127.0.0.9'), 'zhangsan', '123')).toBe(230);
  });

  it('threat 21: tells by no word and hardly by the time which users there are', async () => {
    const server = await scene().start(['--login-delay', '0', '--login-attempts', '100', '--ban-after', '0']);
    const line = await server.line();
    const times = { zhangsan: [] as number[], nobody: [] as number[] };
    const work = { zhangsan: [] as number[], nobody: [] as number[] };
    const words = new Set<string>();
    for (let round = 0; round < 11; round += 1) {
      for (const user of ['zhangsan', 'nobody'] as const) {
        words.add(JSON.stringify(await line.ask(`USER ${user}`)));
        const worked = processorTimeOf(server.program.pid);
        const begun = performance.now();
        words.add(JSON.stringify(await line.ask('PASS wrong')));
        times[user].push(performance.now() - begun);
        work[user].push(processorTimeOf(server.program.pid) - worked);
      }
    }
    expect(words.size).toBe(2);
    // Whoever else uses this machine makes the time uncertain; it tells of a wait only.
    expect(median(times.zhangsan) / median(times.nobody)).toBeGreaterThan(0.5);
    expect(median(times.zhangsan) / median(times.nobody)).toBeLessThan(2);
    // What the server does for it is nearly certain. A hash takes a hundred times as long as all else.
    expect(Math.abs(median(work.zhangsan) / median(work.nobody) - 1)).toBeLessThan(0.1);
  });

  it('threat 22: keeps half of its rate at least for a transfer while 200 log in at once, and sends away who would have to wait too long', async () => {
    // As fast as a line is: what is compared must not be how fast this machine is as long as it has nothing else to do.
    const server = await scene().start(['--max-waiting-logins', '100', '--download-rate', '16M']);
    writeFileSync(scene().at('docs', 'zhangsan', 'large'), Buffer.alloc(24 * MIB));
    const line = await server.session();
    const alone = await timeOf(() => line.download('RETR large'));
    const lines = await Promise.all(Array.from({ length: 200 }, () => server.line()));
    await Promise.all(lines.map((each) => each.ask('USER zhangsan')));
    const answers = Promise.all(lines.map((each) => each.code('PASS 123')));
    const beside = await timeOf(() => line.download('RETR large'));
    const codes = await answers;
    expect(codes.filter((code) => code === 230).length).toBe(102);
    expect(codes.filter((code) => code === 421).length).toBe(98);
    expect(beside).toBeLessThan(2 * alone);
    expect(await line.code('NOOP')).toBe(200);
  }, 60_000);

  it('threat 23: refuses one session too many with 421, and lets it in when another one has gone', async () => {
    const server = await scene().start(['--max-sessions', '2']);
    const [first] = [await server.session(), await server.session()];
    expect(await greetingOf(server)).toBe(421);
    await first.ask('QUIT');
    await first.closed();
    expect(await greetingOf(server)).toBe(220);
  });

  it('threat 24: sends away who sends a byte now and then and never logs in', async () => {
    const server = await scene().start(['--login-timeout', '1']);
    const line = await server.line();
    const dripping = setInterval(() => line.send('U'), 50);
    const begun = performance.now();
    expect((await line.reply()).code).toBe(421);
    await line.closed();
    clearInterval(dripping);
    expect(performance.now() - begun).toBeGreaterThan(500);
  });

  it('threat 27: survives with 64 files: refuses who is too many, and serves again when they are gone', async () => {
    const server = await scene().start(['--verbose'], { before: 'ulimit -n 64' });
    await server.program.waitForLine(/ - WARN - Fewer sessions than asked for : 4, /);
    const line = await server.session();
    const greetings = await Promise.all(Array.from({ length: 150 }, () => greetingOf(server)));
    expect(greetings.filter((code) => code === 220).length).toBeGreaterThan(0);
    expect(greetings.filter((code) => code !== 220 && code !== 421 && code !== 0)).toEqual([]);
    expect(await line.code('NOOP')).toBe(200);
    await line.upload('STOR a', 'content');
    for (const socket of sockets) socket.destroy();
    await Promise.all(sockets.map((socket) => (socket.closed ? undefined : once(socket, 'close'))));
    for (let round = 0; round < 20 && (await greetingOf(server)) !== 220; round += 1) await line.code('NOOP');
    expect(await (await server.session()).code('NOOP')).toBe(200);
  });

  it('threat 32: keeps what has come of an upload that was broken off, and tells its exact size', async () => {
    const server = await scene().start();
    const line = await server.session();
    const data = await line.dataConnection();
    await line.ask('STOR part');
    await new Promise<void>((sent) => data.write(Buffer.alloc(300_000, 'x'), () => sent()));
    const file = scene().at('docs', 'zhangsan', 'part');
    while ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < 300_000) await line.nothing();
    data.resetAndDestroy();
    expect((await line.reply()).code).toBe(426);
    const { size } = statSync(file);
    expect(size).toBe(300_000);
    expect((await line.ask('SIZE part')).lines).toEqual([String(size)]);
    expect(await line.code(`REST ${size}`)).toBe(350);
    await line.upload('STOR part', 'the rest');
    expect(readFileSync(file, 'utf8')).toBe(`${'x'.repeat(300_000)}the rest`);
  });

  it('threat 43: logs a fault that nobody caught, and goes on serving', async () => {
    const throwing = `process.on('SIGUSR2', () => setImmediate(() => { throw new Error('injected\\nfault') }))`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(throwing)}` };
    const server = await scene().start(['--verbose'], { env });
    const line = await server.session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    server.program.signal('SIGUSR2');
    await server.program.waitForLine(/ - ERROR - Fault of the server : Error: injected\\u000afault/);
    data.end('content');
    expect((await line.reply()).code).toBe(226);
    expect(await (await server.session()).code('NOOP')).toBe(200);
  });
});

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
