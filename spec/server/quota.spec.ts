import { once } from 'node:events';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { accountServer, bytesBelow } from '../support/account-server.ts';
import type { ControlLine } from '../support/control-line.ts';

const MIB = 1024 * 1024;

describe('A quota of 1 MiB', () => {
  const served = accountServer({ quotaBytes: MIB });
  const at = (name: string) => join(served().home, name);
  const sizeOf = (name: string) => statSync(at(name)).size;

  /** Send as long as the server takes it. @returns the last reply */
  async function upload(line: ControlLine, command: string, bytes: number): Promise<number> {
    const data = await line.dataConnection();
    expect(await line.code(command)).toBe(150);
    data.end(Buffer.alloc(bytes, command));
    return (await line.reply()).code;
  }

  async function expectCounted(bytes: number): Promise<void> {
    expect(await served().counted()).toBe(bytes);
    expect(bytesBelow(served().home)).toBe(bytes);
  }

  it('B4: is filled to the last byte by a file that is too large, which is answered 552; others go on', async () => {
    const line = await served().session();
    const other = await served().session();
    expect(await upload(line, 'STOR big', 2 * MIB)).toBe(552);
    expect(sizeOf('big')).toBe(MIB);
    await expectCounted(MIB);
    expect([await line.code('NOOP'), await other.code('NOOP')]).toEqual([200, 200]);
    expect((await other.download('RETR big')).length).toBe(MIB);
  });

  it('B4: lets a broken upload go on where it stopped when there is more room', async () => {
    const line = await served().session();
    const content = Buffer.alloc(2 * MIB, 'some content ');
    const data = await line.dataConnection();
    expect(await line.code('STOR big')).toBe(150);
    data.end(content);
    expect((await line.reply()).code).toBe(552);
    await served().accounts.change('steve', { quotaBytes: 3 * MIB });
    expect((await line.ask('SIZE big')).lines).toEqual([String(MIB)]);
    expect(await line.code(`REST ${MIB}`)).toBe(350);
    await line.upload('STOR big', content.subarray(MIB));
    expect(readFileSync(at('big')).equals(content)).toBeTrue();
    await expectCounted(2 * MIB);
  });

  it('A5: lowered below what is used is answered 552 before anything is made, and files can still be read', async () => {
    const line = await served().session();
    await line.upload('STOR a', Buffer.alloc(1_000));
    await served().accounts.change('steve', { quotaBytes: 500 });
    for (const command of ['STOR b', 'APPE a', 'APPE b']) {
      await line.dataConnection();
      expect(await line.code(command)).toBe(552);
    }
    expect(readdirSync(served().home)).toEqual(['a']);
    expect((await line.download('RETR a')).length).toBe(1_000);
    // In the place of a file there is the room of that file.
    await line.upload('STOR a', Buffer.alloc(400));
    await expectCounted(400);
    expect(await upload(line, 'STOR b', 200)).toBe(552);
    await expectCounted(500);
  });

  it('A5: lowered holds at once for an upload that is under way', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    await arrived(data, at('a'), 1_000);
    await served().accounts.change('steve', { quotaBytes: 1_500 });
    data.write(Buffer.alloc(1_000));
    expect((await line.reply()).code).toBe(552);
    await expectCounted(1_500);
  });

  it('is set for an upload that began without one', async () => {
    await served().accounts.change('steve', { quotaBytes: null });
    writeFileSync(at('other'), Buffer.alloc(300));
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    await arrived(data, at('a'), 1_000);
    await served().accounts.change('steve', { quotaBytes: 1_500 });
    data.write(Buffer.alloc(1_000));
    expect((await line.reply()).code).toBe(552);
    await expectCounted(1_500);
  });

  it('is full when it is full: also an empty file is answered 552 then', async () => {
    const line = await served().session();
    await line.upload('STOR a', Buffer.alloc(MIB));
    await line.dataConnection();
    expect(await line.code('STOR b')).toBe(552);
  });

  it('threat 29: counts what is there, not what was sent: overwritten, cut, added, resumed, renamed, removed', async () => {
    const line = await served().session();
    await line.upload('STOR a', Buffer.alloc(500_000));
    await expectCounted(500_000);
    await line.upload('STOR a', Buffer.alloc(600_000));
    await expectCounted(600_000);
    await line.upload('APPE a', Buffer.alloc(50_000));
    await expectCounted(650_000);
    await line.ask('REST 100000');
    await line.upload('STOR a', Buffer.alloc(10_000));
    await expectCounted(110_000);
    await line.upload('STOR b', Buffer.alloc(1_000));
    expect([await line.code('RNFR b'), await line.code('RNTO a')]).toEqual([350, 250]);
    await expectCounted(1_000);
    expect([await line.code('RNFR a'), await line.code('RNTO a')]).toEqual([350, 250]);
    expect([await line.code('RNFR a'), await line.code('RNTO c')]).toEqual([350, 250]);
    await expectCounted(1_000);
    expect(await line.code('DELE c')).toBe(250);
    await expectCounted(0);
  });

  it('threat 29: counts a partial file by what is there of it', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    await arrived(data, at('a'), 1_234);
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
    await expectCounted(1_234);
  });

  it('threat 32: keeps what has come of a client that was cut off, and its size is what is on the disk', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    await arrived(data, at('a'), 2_345);
    data.resetAndDestroy();
    line.close();
    const next = await served().session();
    expect((await next.ask('SIZE a')).lines).toEqual(['2345']);
    // Until the server has seen it go, the file is its own.
    while ((await next.code('RNFR a')) !== 350 || (await next.code('RNTO b')) !== 250);
    await expectCounted(2_345);
    await next.upload('APPE b', Buffer.alloc(5));
    await expectCounted(2_350);
  });

  it('threat 29: counts only files, each once, whatever its name, and follows no link', async () => {
    mkdirSync(at('folder'));
    writeFileSync(at('folder/a'), 'four');
    linkSync(at('folder/a'), at('b'));
    symlinkSync('/etc/passwd', at('link'));
    symlinkSync('/usr', at('other-link'));
    writeFileSync(Buffer.concat([Buffer.from(`${served().home}/`), Buffer.of(0xff, 0xfe)]), 'ten bytes.');
    expect(await served().counted()).toBe(14);
    const line = await served().session();
    // The file is still there, under its other name.
    expect(await line.code('DELE b')).toBe(250);
    expect(await served().counted()).toBe(14);
    expect(await line.code('DELE folder/a')).toBe(250);
    expect(await served().counted()).toBe(10);
  });

  it('threat 29: is counted anew when asked for, an upload that is under way included', async () => {
    const line = await served().session();
    await line.upload('STOR a', Buffer.alloc(1_000));
    await expectCounted(1_000);
    truncateSync(at('a'), 400);
    writeFileSync(at('local'), Buffer.alloc(50));
    expect(await served().counted()).toBe(1_000);
    const data = await line.dataConnection();
    expect(await line.code('STOR b')).toBe(150);
    await arrived(data, at('b'), 10);
    const { server, accounts, home } = served();
    expect(await server.spaces.recount(accounts.find('steve') ?? { home })).toBe(460);
    data.end(Buffer.alloc(5));
    expect((await line.reply()).code).toBe(226);
    await expectCounted(465);
  });

  it('is that of a new user where one of the same name had files', async () => {
    const line = await served().session();
    await line.upload('STOR a', Buffer.alloc(1_000));
    const { accounts, server, home } = served();
    await accounts.remove('steve');
    await accounts.add('steve', 'secret', { quotaBytes: 10 });
    truncateSync(at('a'), 3);
    expect(await server.spaces.usedBytes(accounts.find('steve') ?? { home })).toBe(3);
  });

  it('is all that is left to whom the account was taken: nothing is written any more', async () => {
    const line = await served().session();
    await served().accounts.remove('steve');
    await line.dataConnection();
    expect(await line.code('STOR a')).toBe(550);
    expect(existsSync(at('a'))).toBeFalse();
  });

  it('ALLO: tells whether there is room', async () => {
    const line = await served().session();
    expect([await line.code(`ALLO ${MIB}`), await line.code(`ALLO ${MIB + 1}`)]).toEqual([200, 552]);
    await served().accounts.change('steve', { quotaBytes: null });
    expect([await line.code(`ALLO ${MIB + 1}`), await line.code('ALLO 999999999999999999999')]).toEqual([200, 452]);
  });
});

/** Send so many bytes, and wait until they are in the file. */
async function arrived(data: Socket, path: string, bytes: number): Promise<void> {
  if (!data.write(Buffer.alloc(bytes))) await once(data, 'drain');
  while (!existsSync(path) || statSync(path).size < bytes) await new Promise((resolve) => setImmediate(resolve));
}
