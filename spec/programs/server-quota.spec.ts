import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountFile } from '../../lib/accounts/account-file.ts';
import { dataFolderAt } from '../../lib/accounts/data-folder.ts';
import { PasswordHasher } from '../../lib/accounts/password.ts';
import { bytesBelow } from '../support/account-server.ts';
import type { ControlLine } from '../support/control-line.ts';
import { type ListeningServer, serverPrograms } from '../support/server-program.ts';
import { makeSmallDisk, type SmallDisk } from '../support/small-disk.ts';

const MIB = 1024 * 1024;

describe('The server program, for a user with a quota of 1 MiB,', () => {
  const scene = serverPrograms();
  const home = () => scene().at('docs', 'steve');

  beforeEach(async () => {
    await scene().init();
    await administer((accounts) => accounts.add('steve', 'secret', { quotaBytes: MIB }));
  });

  async function administer(change: (accounts: AccountFile) => Promise<void>): Promise<void> {
    const accounts = await AccountFile.open(dataFolderAt(scene().data), { hasher: new PasswordHasher(1) });
    await change(accounts);
    await accounts.close();
  }

  const session = (server: ListeningServer) => server.session('steve', 'secret');

  it('B4: answers 552 to an upload of 2 MiB, lives, and serves others; what is used is the quota', async () => {
    const server = await scene().start();
    const other = await server.session();
    const line = await session(server);
    expect(await upload(line, 'STOR big', 2 * MIB)).toBe(552);
    expect([await line.code('NOOP'), await other.code('NOOP')]).toEqual([200, 200]);
    await other.upload('STOR mine', 'of another');
    expect((await other.download('RETR mine')).toString()).toBe('of another');
    expect([statSync(join(home(), 'big')).size, bytesBelow(home())]).toEqual([MIB, MIB]);
    expect(await line.code('DELE big')).toBe(250);
    await line.upload('STOR small', Buffer.alloc(MIB));
  });

  it('threat 28: keeps to 4 MiB with eight uploads of 1 MiB at once, at every moment', async () => {
    await administer((accounts) => accounts.change('steve', { quotaBytes: 4 * MIB }));
    const server = await scene().start();
    const lines = await Promise.all(Array.from({ length: 8 }, () => session(server)));
    let isOver = false;
    let most = 0;
    const watched = (async () => {
      for (; !isOver; await new Promise((resolve) => setImmediate(resolve))) most = Math.max(most, bytesBelow(home()));
    })();
    const codes = await Promise.all(lines.map((line, index) => upload(line, `STOR ${index}`, MIB)));
    isOver = true;
    await watched;
    expect(most).toBeLessThanOrEqual(4 * MIB);
    expect(codes).toContain(552);
    expect(codes.filter((code) => code !== 226 && code !== 552)).toEqual([]);
    expect(bytesBelow(home())).toBe(4 * MIB);
  });

  it('threat 29: kills no count with the server: after kill -9 in an upload the rest of the quota is what du says', async () => {
    mkdirSync(join(home(), 'folder'));
    writeFileSync(join(home(), 'folder', 'local'), Buffer.alloc(100_000));
    const server = await scene().start();
    const line = await session(server);
    await line.upload('STOR whole', Buffer.alloc(200_000));
    const data = await line.dataConnection();
    expect(await line.code('STOR partial')).toBe(150);
    data.write(Buffer.alloc(150_000));
    while (bytesBelow(home()) < 450_000) await line.nothing();
    await server.program.stop();
    const again = await session(await scene().start());
    const left = MIB - 450_000;
    expect([await again.code(`ALLO ${left}`), await again.code(`ALLO ${left + 1}`)]).toEqual([200, 552]);
    expect((await again.ask('SIZE partial')).lines).toEqual(['150000']);
    expect(await upload(again, 'APPE partial', MIB)).toBe(552);
    expect(bytesBelow(home())).toBe(MIB);
  });
});

describe('The server program on a full disk', () => {
  const scene = serverPrograms();
  let disk: SmallDisk;
  afterEach(() => disk.dispose());

  it('threat 31: answers 452, keeps what has come, and lives', async () => {
    disk = makeSmallDisk(scene().data, 8 * 1024);
    if (!disk.isShared) pending('no file system of its own can be mounted here');
    await scene().init();
    const server = await scene().start();
    const line = await server.session();
    expect(await upload(line, 'STOR a', 9 * MIB)).toBe(452);
    const { size } = statSync(scene().at('docs', 'zhangsan', 'a'));
    expect(size).toBeGreaterThan(6 * MIB);
    expect((await line.ask('SIZE a')).lines).toEqual([String(size)]);
    expect(await line.code('DELE a')).toBe(250);
    await line.upload('STOR a', Buffer.alloc(MIB));
    await server.program.stop();
  });
});

/** Send so much, or as much as is taken. @returns the last reply */
async function upload(line: ControlLine, command: string, bytes: number): Promise<number> {
  const data = await line.dataConnection();
  expect(await line.code(command)).toBe(150);
  data.end(Buffer.alloc(bytes, command));
  return (await line.reply()).code;
}
