import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { accountServer, bytesBelow } from '../support/account-server.ts';
import { type ControlLine, connected } from '../support/control-line.ts';

const QUOTA = 1_000;

describe('A quota, with others at work on the same disk,', () => {
  const served = accountServer({ quotaBytes: QUOTA });
  const at = (name: string) => join(served().home, name);

  async function expectCounted(bytes: number): Promise<void> {
    expect(bytesBelow(served().home)).toBe(bytes);
    expect(await served().counted()).toBe(bytes);
  }

  async function send(line: ControlLine, command: string, bytes: number): Promise<number> {
    const data = await line.dataConnection();
    const code = await line.code(command);
    data.end(Buffer.alloc(bytes));
    return code === 150 ? (await line.reply()).code : code;
  }

  const partings: readonly (readonly [how: string, commands: readonly string[]])[] = [
    ['removed', ['DELE a']],
    ['renamed over', ['RNFR b', 'RNTO a']],
    ['removed with its folder', ['RMDA folder']],
  ];
  for (const [how, commands] of partings) {
    it(`threat 29: gives back a file that has another name outside of the home, as in a backup, when it is ${how}`, async () => {
      const line = await served().session();
      mkdirSync(at('folder'));
      mkdirSync(join(dirname(served().home), '.backup'));
      for (const name of ['a', 'folder/a']) await line.upload(`STOR ${name}`, Buffer.alloc(300));
      linkSync(at('a'), join(dirname(served().home), '.backup/a'));
      linkSync(at('folder/a'), join(dirname(served().home), '.backup/b'));
      writeFileSync(at('b'), '');
      for (const command of commands) expect(await line.code(command)).toBeLessThan(400);
      await expectCounted(300);
      expect(await send(line, 'STOR c', QUOTA)).toBe(552);
      await expectCounted(QUOTA);
    });
  }

  it('is not counted anew for a file that has another name elsewhere, as long as there is room', async () => {
    const { server, accounts, home } = served();
    const line = await served().session();
    await line.upload('STOR a', Buffer.alloc(300));
    linkSync(at('a'), join(dirname(home), '.backup'));
    expect(await line.code('DELE a')).toBe(250);
    const space = await server.spaces.of(accounts.find('steve') ?? { home });
    let end: () => void = () => undefined;
    const turn = space.inTurn(() => new Promise<void>((resolve) => (end = resolve)));
    await line.upload('STOR b', Buffer.alloc(700));
    await line.dataConnection();
    line.send('STOR c\r\n');
    end();
    await turn;
    expect((await line.reply()).code).toBe(150);
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
    await expectCounted(700);
  });

  it('threat 29: is never below nothing where a file has grown meanwhile that is taken away', async () => {
    const line = await served().session();
    for (const command of ['DELE a', 'STOR a', 'RNTO a']) {
      await line.upload('STOR a', Buffer.alloc(100));
      await line.upload('STOR b', Buffer.alloc(100));
      appendFileSync(at('a'), Buffer.alloc(5_000));
      if (command === 'RNTO a') expect(await line.code('RNFR b')).toBe(350);
      expect(command === 'STOR a' ? await send(line, command, 0) : await line.code(command)).toBeLessThan(400);
      await expectCounted(100);
      expect(await send(line, 'STOR c', 2 * QUOTA)).toBe(552);
      await expectCounted(QUOTA);
      for (const name of ['b', 'c']) await line.code(`DELE ${name}`);
    }
  });

  it('threat 29: is what there is behind a file that was removed while it was sent', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    data.write(Buffer.alloc(400));
    while ((await served().counted()) < 400) await line.nothing();
    unlinkSync(at('a'));
    data.end(Buffer.alloc(400));
    expect((await line.reply()).code).toBe(226);
    await expectCounted(0);
  });

  for (const command of ['STOR d/a', 'APPE d/a']) {
    it(`threat 29: ${command} of a new file leaves one alone that came there with its folder before the first byte`, async () => {
      const line = await served().session();
      const other = await served().session();
      mkdirSync(at('d'));
      mkdirSync(at('e'));
      await other.upload('STOR e/a', 'other');
      const data = await line.passivePort();
      expect(await line.code(command)).toBe(150);
      expect([await other.code('RNFR d'), await other.code('RNTO f')]).toEqual([350, 250]);
      expect([await other.code('RNFR e'), await other.code('RNTO d')]).toEqual([350, 250]);
      (await connected(data)).end('mine');
      expect((await line.reply()).code).toBe(450);
      expect(readFileSync(at('d/a'), 'utf8')).toBe('other');
      await expectCounted(5);
    });
  }

  it('threat 29: holds for all users together whose home is one folder', async () => {
    const { accounts, home } = served();
    await accounts.add('other', 'secret', { quotaBytes: QUOTA });
    rmSync(accounts.homeOf('other'), { recursive: true });
    symlinkSync(home, accounts.homeOf('other'));
    const [first, second, third] = await Promise.all([
      served().session(),
      served().session('other'),
      served().session(),
    ]);
    expect(await send(first, 'STOR a', 600)).toBe(226);
    expect(await send(second, 'STOR b', 600)).toBe(552);
    await expectCounted(QUOTA);
    expect(await first.code('DELE b')).toBe(250);
    expect(await third.code('RNFR a')).toBe(350);
    expect(await third.code('RNTO c')).toBe(250);
    expect(await send(await served().session('other'), 'STOR d', 600)).toBe(552);
    await expectCounted(QUOTA);
  });
});
