import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { codeOf } from '../../lib/base/coded-error.ts';
import { ControlClient } from '../../lib/control/control-client.ts';
import { ControlServer } from '../../lib/control/control-server.ts';
import { socketAddress } from '../../lib/control/socket-address.ts';
import { admin, type ControlRig, makeDataFolder, startControl } from '../support/administrator.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { codeIn, RawControl } from '../support/raw-control.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const LOGIN = { protocol: 1, ...admin };

describe('ControlServer', () => {
  const place = temporaryFolder();
  let rig: ControlRig | undefined;
  let clock = new ManualClock();

  async function start(path = 'data'): Promise<ControlRig> {
    clock = new ManualClock();
    rig = await startControl(await makeDataFolder(join(place(), path)), { clock });
    return rig;
  }

  afterEach(async () => {
    await rig?.close();
    rig = undefined;
  });

  it('has a socket that only its owner can use, in a folder that only its owner can enter', async () => {
    const { folder } = await start();
    expect(statSync(folder.controlSocket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(folder.controlSocket)).mode & 0o777).toBe(0o700);
  });

  it('answers several calls on one connection, each with the number of its request', async () => {
    const { folder } = await start();
    const control = await RawControl.open(folder.controlSocket);
    expect(await control.ask('login', LOGIN, 7)).toEqual({ id: 7, ok: true, value: {} });
    control.send('{"id":8,"call":"user.list","arguments":{}}\n{"id":9,"call":"session.list","arguments":{}}\n');
    expect(await control.answer()).toEqual({ id: 8, ok: true, value: [] });
    expect(await control.answer()).toEqual({ id: 9, ok: true, value: [] });
    control.close();
  });

  it('takes a request that comes in pieces, with a letter torn in two', async () => {
    const { folder } = await start();
    const control = await RawControl.open(folder.controlSocket);
    await control.ask('login', LOGIN);
    const bytes = Buffer.from('{"id":2,"call":"user.show","arguments":{"name":"\u{1f600}"}}\n');
    for (const byte of bytes) control.send(Buffer.from([byte]));
    expect(codeIn(await control.answer())).toBe('E_ACCOUNT_MISSING');
    control.close();
  });

  for (const [what, asked, code] of [
    ['a wrong password', { ...LOGIN, password: 'password' }, 'E_ADMIN_LOGIN'],
    ['a wrong name', { ...LOGIN, name: 'root' }, 'E_ADMIN_LOGIN'],
    ['no name', { protocol: 1, password: 'x' }, 'E_REQUEST'],
    ['another protocol', { ...LOGIN, protocol: 2 }, 'E_REQUEST'],
  ] as const) {
    it(`refuses a login with ${what}, and does nothing for who sent it`, async () => {
      const { folder } = await start();
      const control = await RawControl.open(folder.controlSocket);
      expect(await control.code('login', asked)).toBe(code);
      expect(await control.code('user.list', {})).toBe('E_ADMIN_LOGIN');
      await control.closed();
    });
  }

  it('hangs up after three wrong passwords, each answered later than the one before', async () => {
    const { folder } = await start();
    const control = await RawControl.open(folder.controlSocket);
    const wrong = { ...LOGIN, password: 'x' };
    expect(await control.code('login', wrong)).toBe('E_ADMIN_LOGIN');
    for (const ms of [1_000, 2_000]) {
      const waits = clock.waits.length;
      const answered = control.code('login', wrong);
      while (clock.waits.length === waits) await new Promise((resolve) => setImmediate(resolve));
      expect(clock.waits.at(-1)).toBe(ms);
      clock.advance(ms);
      expect(await answered).toBe('E_ADMIN_LOGIN');
    }
    await control.closed();
  });

  it('hangs up on who does not log in', async () => {
    const { folder } = await start();
    const control = await RawControl.open(folder.controlSocket);
    await clock.someoneWaits();
    clock.advance(90_000);
    await control.closed();
    expect(await control.answer()).toBeUndefined();
  });

  for (const [what, bytes] of [
    ['no JSON', 'hello\n'],
    ['a list', '[1]\n'],
    ['no id', '{"call":"login","arguments":{}}\n'],
    ['an id that is no number', '{"id":"1","call":"login","arguments":{}}\n'],
    ['an id below 0', '{"id":-1,"call":"login","arguments":{}}\n'],
    ['an id that is no whole number', '{"id":1.5,"call":"login","arguments":{}}\n'],
    ['arguments that are no object', '{"id":1,"call":"login","arguments":[]}\n'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x0a])],
    ['a line without an end', 'x'.repeat(9_000)],
    ['an empty line', '\n'],
    ['an FTP command', 'USER anna\r\n'],
  ] as const) {
    it(`answers ${what} with one error, and hangs up`, async () => {
      const { folder, lines } = await start();
      const control = await RawControl.open(folder.controlSocket);
      control.send(bytes);
      expect(codeIn(await control.answer())).toBe('E_REQUEST');
      await control.closed();
      expect(lines.filter((line) => !line.startsWith('info Administration : '))).toEqual([]);
      expect(await ControlClient.logIn(folder.controlSocket, admin)).toBeDefined();
    });
  }

  for (const call of ['__proto__', 'constructor', 'toString', 'user.', '', 'x'.repeat(5_000)]) {
    it(`has no call ${JSON.stringify(call.slice(0, 20))}`, async () => {
      const { folder } = await start();
      const control = await RawControl.open(folder.controlSocket);
      await control.ask('login', LOGIN);
      expect(await control.code(call, {})).toBe('E_REQUEST');
      expect(await control.ask('user.list', {}, 3)).toEqual({ id: 3, ok: true, value: [] });
      control.close();
    });
  }

  it('lets the administrator in while a thousand others hold connections', async () => {
    const { folder } = await start();
    const others: RawControl[] = [];
    for (let index = 0; index < 1_000; index += 1) others.push(await RawControl.open(folder.controlSocket));
    const client = await ControlClient.logIn(folder.controlSocket, admin);
    for (let index = 0; index < 100; index += 1) others.push(await RawControl.open(folder.controlSocket));
    expect(await client?.call('user.list', {})).toEqual([]);
    for (const other of others) other.close();
    await client?.close();
  });

  it('goes on when a client is gone before it gets its answer', async () => {
    const { folder } = await start();
    for (let index = 0; index < 5; index += 1) {
      const control = await RawControl.open(folder.controlSocket);
      control.send(`${JSON.stringify({ id: 1, call: 'login', arguments: LOGIN })}\n`);
      control.close();
    }
    const client = await ControlClient.logIn(folder.controlSocket, admin);
    expect(await client?.call('user.list', {})).toEqual([]);
    await client?.close();
  });

  it('takes the place of a socket that a killed server left behind', async () => {
    const folder = await makeDataFolder(join(place(), 'data'));
    mkdirSync(dirname(folder.controlSocket));
    const left = createServer();
    // Bound under another name, it leaves the one it is moved to behind when it is closed.
    await new Promise<void>((resolve) => left.listen(`${folder.controlSocket}.left`, resolve));
    renameSync(`${folder.controlSocket}.left`, folder.controlSocket);
    await new Promise((resolve) => left.close(resolve));
    expect(existsSync(folder.controlSocket)).toBe(true);
    expect(await ControlClient.logIn(folder.controlSocket, admin)).toBeUndefined();
    rig = await startControl(folder);
    const client = await ControlClient.logIn(folder.controlSocket, admin);
    expect(client?.isLive).toBe(true);
    await client?.close();
  });

  it('takes its socket away when it closes, also for who was connected, and closing twice is harmless', async () => {
    const { folder, server } = await start();
    const client = await ControlClient.logIn(folder.controlSocket, admin);
    await server.close();
    await server.close();
    expect(existsSync(folder.controlSocket)).toBe(false);
    const error = await client?.call('user.list', {}).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe('E_CONTROL');
  });

  it('leaves the socket of the next server alone when it closes late', async () => {
    const { folder, server } = await start();
    const next = new ControlServer({ path: folder.controlSocket, logIn: async () => undefined });
    await next.listen();
    await server.close();
    expect(existsSync(folder.controlSocket)).toBe(true);
    await next.close();
  });

  it('works in a folder whose path is longer than an address of a socket may be', async () => {
    const { folder } = await start(join('a'.repeat(80), 'b'.repeat(80), 'data'));
    expect(folder.controlSocket.length).toBeGreaterThan(108);
    const client = await ControlClient.logIn(folder.controlSocket, admin);
    expect(await client?.call('user.list', {})).toEqual([]);
    await client?.close();
  });

  it('says in one line that the folder cannot be written', async () => {
    const file = join(place(), 'file');
    writeFileSync(file, '');
    const server = new ControlServer({ path: join(file, 'control.sock'), logIn: async () => undefined });
    await expectAsync(server.listen()).toBeRejectedWithError(/^Cannot listen on \/.*\/control.sock: E[A-Z]+$/);
  });
});

describe('socketAddress', () => {
  it('refuses a long path in one line where descriptors are no folders', () => {
    const path = `/${'a'.repeat(200)}/control.sock`;
    expect(() => socketAddress(path, 'darwin')).toThrowError(/longer than 103 bytes.*shorter path$/);
  });
});
