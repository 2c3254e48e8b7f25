import { statSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { AccountLimits } from '../../lib/accounts/account.ts';
import { MemoryAccountStore } from '../../lib/accounts/account-store.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { FtpServer } from '../../lib/server/ftp-server.ts';
import { ControlLine } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KIB = 1024;

describe('A limit on the bytes a second of an account', () => {
  const folder = temporaryFolder();
  let accounts: MemoryAccountStore;
  let server: FtpServer;
  let port = 0;
  const lines: ControlLine[] = [];
  beforeEach(async () => {
    accounts = new MemoryAccountStore(new PasswordHasher(1));
    await limitTo({});
    server = new FtpServer({ accounts });
    ({ port } = await server.listen());
    writeFileSync(join(folder(), 'a'), Buffer.alloc(300 * KIB));
  });
  afterEach(async () => {
    for (const line of lines.splice(0)) line.close();
    await server.close();
  });

  it('holds for its downloads', async () => {
    await limitTo({ downloadBytesPerSecond: 600 * KIB });
    const line = await session();
    const begun = performance.now();
    expect((await line.download('RETR a')).length).toBe(300 * KIB);
    expect(performance.now() - begun).toBeGreaterThan(400);
  });

  it('holds for its uploads, and not for its downloads', async () => {
    await limitTo({ uploadBytesPerSecond: 600 * KIB, downloadBytesPerSecond: 1e9 });
    const line = await session();
    await line.download('RETR a');
    const begun = performance.now();
    await line.upload('STOR b', Buffer.alloc(300 * KIB));
    expect(performance.now() - begun).toBeGreaterThan(400);
  });

  it('holds for all of its sessions together', async () => {
    await limitTo({ uploadBytesPerSecond: 600 * KIB });
    const both = await Promise.all([session(), session()]);
    const begun = performance.now();
    await Promise.all(both.map((line, index) => line.upload(`STOR b${index}`, Buffer.alloc(200 * KIB))));
    expect(performance.now() - begun).toBeGreaterThan(450);
  });

  it('may change while a transfer runs', async () => {
    await limitTo({ downloadBytesPerSecond: 1 });
    const line = await session();
    const data = await line.dataConnection();
    expect(await line.code('RETR a')).toBe(150);
    const all = lengthOf(data);
    await limitTo({});
    expect(await all).toBe(300 * KIB);
    expect((await line.reply()).code).toBe(226);
  });

  async function limitTo(limits: AccountLimits): Promise<void> {
    await accounts.add({ name: 'steve', home: folder(), permissions: ['read', 'write'], limits }, 'secret');
  }

  async function session(): Promise<ControlLine> {
    const line = await ControlLine.to(port);
    lines.push(line);
    await line.logIn();
    return line;
  }
});

describe('A limit on the bytes a second of a session', () => {
  const served = servedFolder(() => ({ limits: { uploadBytesPerSecond: 100 * KIB, stallMs: 100 } }));

  it('is no standstill of its client, however slow it makes it', async () => {
    const line = await served().session();
    const begun = performance.now();
    await line.upload('STOR a', Buffer.alloc(80 * KIB));
    expect(performance.now() - begun).toBeGreaterThan(500);
    expect(statSync(join(served().home, 'a')).size).toBe(80 * KIB);
  });

  it('holds up nobody who aborts', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    data.write(Buffer.alloc(10_000 * KIB));
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
  });
});

describe('A client that was held up by a limit', () => {
  const STALL_MS = 500;
  const served = servedFolder(() => ({ limits: { uploadBytesPerSecond: 10 * KIB, stallMs: STALL_MS } }));

  it('may be silent from its own turn on as long as any other', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    const begun = performance.now();
    data.write(Buffer.alloc(4 * KIB));
    expect((await line.reply()).code).toBe(426);
    // What it has sent takes about 350 ms, and only then it is waited for.
    expect(performance.now() - begun).toBeGreaterThan(STALL_MS + 200);
    expect(statSync(join(served().home, 'a')).size).toBe(4 * KIB);
  });
});

async function lengthOf(socket: Socket): Promise<number> {
  let length = 0;
  for await (const chunk of socket) length += (chunk as Buffer).length;
  return length;
}
