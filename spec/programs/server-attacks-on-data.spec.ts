import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { certificate } from '../support/certificate.ts';
import { type ControlLine, connected } from '../support/control-line.ts';
import { type ListeningServer, serverPrograms } from '../support/server-program.ts';

describe('the server program, attacked by way of its data connections,', () => {
  const scene = serverPrograms();
  const home = (name: string) => scene().at('docs', 'zhangsan', name);
  let sockets: Socket[] = [];

  beforeEach(() => scene().init());
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
  });

  it('threat 1: calls nobody but its client, and no port of a service', async () => {
    let calls = 0;
    const victim = createServer(() => (calls += 1)).listen(0, '127.0.0.9');
    await once(victim, 'listening');
    const { port } = victim.address() as AddressInfo;
    const line = await (await scene().start()).session();
    for (const command of [
      `PORT 127,0,0,9,${port >> 8},${port & 255}`,
      `EPRT |1|127.0.0.9|${port}|`,
      'PORT 127,0,0,1,0,25',
      'PORT 127,0,0,1,3,255',
      'EPRT |1|127.0.0.1|1023|',
    ]) {
      expect(await line.code(command)).toBe(501);
      expect(await line.code('NLST')).toBe(425);
    }
    expect(calls).toBe(0);
    expect(await line.code('PORT 127,0,0,1,4,0')).toBe(200);
    victim.close();
  });

  it('threat 2: takes data from its client only: a stranger is sent away, and the client still gets through', async () => {
    const server = await scene().start(['--verbose']);
    const line = await server.session();
    const port = await line.passivePort();
    const stranger = await connected(port, '127.0.0.1', '127.0.0.9');
    await once(stranger.resume(), 'close');
    const data = await connected(port);
    expect(await line.code('STOR a')).toBe(150);
    data.end('mine');
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(home('a'), 'utf8')).toBe('mine');
    await server.program.waitForLine(/ - WARN - Stranger refused : session 1, 127\.0\.0\.9 came to its passive port$/);
  });

  it('threat 4: outlives 300 resets of control and data connections, at every moment, without a fault', async () => {
    writeFileSync(home('a'), Buffer.alloc(1_000_000));
    const server = await scene().start(['--verbose']);
    const commands = ['STOR b', 'RETR a', 'LIST'];
    let line = await server.session();
    for (let round = 0; round < 300; round += 1) {
      (await connected(server.port)).resetAndDestroy();
      const data = await line.dataConnection();
      const command = commands[Math.floor(round / 3) % commands.length] ?? '';
      if (round % 3 === 0) data.resetAndDestroy();
      if (round % 3 < 2 && (await line.code(command)) === 150) {
        data.resetAndDestroy();
        // One that was reset before it was seen is still waited for.
        line.send('ABOR\r\n');
        await line.codes(2);
      }
      // A login costs a hash: in the midst of a transfer, and before one, the session itself is reset now and then only.
      if (round % 20 === 19) {
        if (round % 40 === 39) await line.ask(command);
        line.socket.resetAndDestroy();
        data.resetAndDestroy();
        line = await server.session();
      }
      data.destroy();
    }
    expect(await line.code('NOOP')).toBe(200);
    expect(await (await server.session()).code('NOOP')).toBe(200);
    const { stdout, stderr } = server.program.output;
    expect(stdout + stderr).not.toMatch(/ - ERROR - /);
  }, 60_000);

  it('threat 5: reads nothing that came in plain text behind AUTH TLS, and hangs up', async () => {
    const { certificate: pem, key } = certificate();
    writeFileSync(scene().at('tls.pem'), pem + key, { mode: 0o600 });
    writeFileSync(home('a'), 'content');
    const server = await scene().start(['--tls-cert', 'tls.pem', '--verbose', '--log-level', 'debug']);
    for (const injected of ['NOOP\r\nSYST\r\n', 'USER zhangsan\r\nPASS 123\r\nDELE a\r\n', 'NO']) {
      const line = await server.line();
      line.send(`AUTH TLS\r\n${injected}`);
      expect((await line.reply()).code).toBe(234);
      await line.closed();
      await expectAsync(line.reply()).toBeRejected();
    }
    // One that speaks in turn is served.
    const line = await server.line();
    await line.startTls();
    expect(await line.code('SYST')).toBe(215);
    await server.program.waitForLine(/Asked : session 4, "SYST"$/);
    const { stdout, stderr } = server.program.output;
    const asked = [...`${stdout}${stderr}`.matchAll(/Asked : session (\d+), "(.*)"/g)].map(
      ([, id, what]) => `${id} ${what}`,
    );
    expect(asked).toEqual(['1 AUTH TLS', '2 AUTH TLS', '3 AUTH TLS', '4 AUTH TLS', '4 SYST']);
  });

  it('threat 27: holds few files for one session, and none for those that are over, however many downloads are left open', async () => {
    writeFileSync(home('a'), 'content');
    const server = await scene().start();
    const other = await server.session();
    const line = await server.session();
    const before = openFiles(server);
    for (let round = 0; round < 30; round += 1) await leftOpen(line);
    expect(openFiles(server) - before).toBeLessThan(5);
    await line.ask('QUIT');
    await line.closed();
    for (let round = 0; round < 5; round += 1) {
      const brief = await server.session();
      await leftOpen(brief);
      await brief.ask('QUIT');
      await brief.closed();
    }
    for (let turn = 0; turn < 100 && openFiles(server) >= before; turn += 1) await other.code('NOOP');
    expect(openFiles(server)).toBeLessThan(before);
  });

  /** Take all the replies to a download, and neither read it nor close the connection. */
  async function leftOpen(line: ControlLine): Promise<void> {
    const socket = connect({ port: await line.passivePort(), host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket.on('error', () => undefined).pause());
    expect(await line.code('RETR a')).toBe(150);
    expect((await line.reply()).code).toBe(226);
  }

  function openFiles({ program }: ListeningServer): number {
    return readdirSync(`/proc/${program.pid}/fd`).length;
  }
});
