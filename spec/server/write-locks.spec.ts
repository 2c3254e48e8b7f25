import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileKey } from '../../lib/accounts/count-files.ts';
import type { HeldLocks } from '../../lib/server/quota/file-locks.ts';
import { TlsIdentity } from '../../lib/server/tls-identity.ts';
import { accountServer } from '../support/account-server.ts';
import { certificate } from '../support/certificate.ts';
import { type ControlLine, connected } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('An upload of which nothing more is heard', () => {
  const clock = new ManualClock();
  const served = servedFolder(() => ({ clock }));

  it('gives way to the same client after two seconds, whose connection may have died without a word', async () => {
    const lost = await served().session();
    (await lost.dataConnection()).write('first');
    expect(await lost.code('STOR a')).toBe(150);
    const back = await served().session();
    const file = join(served().home, 'a');
    while (!existsSync(file) || readFileSync(file, 'utf8') !== 'first') expect(await back.code('NOOP')).toBe(200);
    await back.dataConnection();
    clock.advance(1_999);
    expect(await back.code('STOR a')).toBe(450);
    clock.advance(1);
    expect(await back.code('DELE a')).toBe(250);
    await back.upload('STOR a', 'second');
    expect(await lost.reply().then(({ code }) => code)).toBe(426);
    // It was not an ABOR that ended it.
    expect(await lost.code('ABOR')).toBe(225);
    expect(readFileSync(file, 'utf8')).toBe('second');
  });
});

describe('An upload whose client begins no TLS on its data connection', () => {
  const clock = new ManualClock();
  const served = servedFolder(() => ({ clock, tls: { identity: new TlsIdentity(certificate()) } }));

  it('gives way to the same client after two seconds, too', async () => {
    const lost = await served().line();
    await lost.startTls();
    await lost.logIn();
    await lost.ask('PBSZ 0');
    await lost.ask('PROT P');
    await lost.dataConnection();
    expect(await lost.code('STOR a')).toBe(150);
    const back = await served().session();
    await back.dataConnection();
    clock.advance(1_999);
    expect(await back.code('STOR a')).toBe(450);
    clock.advance(1);
    await back.upload('STOR a', 'second');
    expect((await lost.reply()).code).toBe(426);
  });
});

describe('A file that is being written', () => {
  const served = servedFolder();

  it('is neither removed nor renamed, alone or with its folder: 450', async () => {
    mkdirSync(join(served().home, 'folder'));
    const line = await served().session();
    (await line.dataConnection()).write('first');
    expect(await line.code('STOR folder/a')).toBe(150);
    const other = await served().session();
    while (!existsSync(join(served().home, 'folder/a'))) expect(await other.code('NOOP')).toBe(200);
    expect(await other.code('RNFR folder/a')).toBe(350);
    for (const command of ['RNTO b', 'DELE folder/a', 'RMDA folder', 'SITE RMDA folder']) {
      expect(await other.code(command))
        .withContext(command)
        .toBe(450);
    }
  });
});

describe('An upload that we hold up ourselves', () => {
  const clock = new ManualClock();
  const served = servedFolder(() => ({ clock, limits: { uploadBytesPerSecond: 1_000 } }));

  it('gives way to nobody, however long it takes', async () => {
    const slow = await served().session();
    (await slow.dataConnection()).write(Buffer.alloc(50_000));
    expect(await slow.code('STOR a')).toBe(150);
    const other = await served().session();
    const file = join(served().home, 'a');
    // More than two seconds' worth, of a single piece that the client has sent.
    while (!existsSync(file) || statSync(file).size < 3_000) {
      clock.advance(100);
      expect(await other.code('NOOP')).toBe(200);
    }
    await other.dataConnection();
    expect(await other.code('STOR a')).toBe(450);
  });
});

describe('A file that its writer was told to let go of, and still holds', () => {
  const served = accountServer();
  const there = () => join(served().home, 'there');
  let held: HeldLocks;

  beforeEach(async () => {
    writeFileSync(there(), 'content');
    held = await holding(there());
  });
  afterEach(() => held.release());

  /** Take a lock as somebody has it who hung up, and whose last write the disk does not end. */
  async function holding(key: string): Promise<HeldLocks> {
    const { server, accounts, home } = served();
    const space = await server.spaces.of(accounts.find('steve') ?? { home });
    const locks = space.locks.hold({
      address: '127.0.0.1',
      hasLeft: () => true,
      silentMs: () => 0,
      abort: () => undefined,
      signal: () => new AbortController().signal,
    });
    await locks.take(key);
    return locks;
  }

  /** Send a command, and let the server come to where it waits. */
  async function waiting(command: string): Promise<ControlLine> {
    const line = await served().session();
    const other = await served().session();
    await line.dataConnection();
    if (command.startsWith('RNTO')) expect(await line.code('RNFR there')).toBe(350);
    line.send(`${command}\r\n`);
    for (let turn = 0; turn < 20; turn += 1) expect(await other.code('NOOP')).toBe(200);
    return line;
  }

  for (const command of ['STOR there', 'APPE there']) {
    it(`holds up ${command} no longer than to an ABOR`, async () => {
      const line = await waiting(command);
      line.send('ABOR\r\n');
      expect(await line.codes(2)).toEqual([426, 226]);
      expect(await line.code('NOOP')).toBe(200);
    });
  }

  it('is told apart from one that was removed meanwhile: the upload is to be tried again', async () => {
    const line = await served().session();
    await line.dataConnection();
    // The name is free by now, the file itself is not.
    held.release();
    const stats = statSync(there(), { bigint: true });
    held = await holding(fileKey(stats));
    line.send('STOR there\r\n');
    const other = await served().session();
    for (let turn = 0; turn < 20; turn += 1) expect(await other.code('NOOP')).toBe(200);
    rmSync(there());
    held.release();
    expect(await line.reply()).toEqual(
      jasmine.objectContaining({ code: 450, lines: ['The file was removed just now, try again'] }),
    );
    await line.upload('STOR there', 'again');
    expect(await served().counted()).toBe(5);
  });

  for (const command of ['STOR there', 'DELE there', 'RNTO a']) {
    it(`holds up ${command} no longer than to a kick, and then nothing is done any more`, async () => {
      const line = await waiting(command);
      expect(served().server.kick(({ command: shown }) => shown === command, 'Out')).toBe(1);
      const replies = command === 'STOR there' ? [426, 421] : [421];
      expect(await line.codes(replies.length)).toEqual(replies);
      await line.closed();
      held.release();
      const next = await served().session();
      await next.upload('APPE there', ', and more');
      expect(readFileSync(there(), 'utf8')).toBe('content, and more');
    });
  }
});

describe('threat 33: a file that is being written', () => {
  const served = accountServer();
  const at = (name: string) => join(served().home, name);

  /** Begin an upload. @returns what ends it */
  async function writing(line: ControlLine, name: string): Promise<() => Promise<number>> {
    const data = await line.dataConnection();
    expect(await line.code(`STOR ${name}`)).toBe(150);
    return async () => {
      data.end('first');
      return (await line.reply()).code;
    };
  }

  for (const [what, content] of [
    ['that is new', undefined],
    ['that was there before', 'old'],
  ] as const) {
    it(`${what} is refused with 450 to a second writer, before 150, and to whoever removes or renames it`, async () => {
      if (content !== undefined) writeFileSync(at('a'), content);
      writeFileSync(at('b'), 'b');
      const line = await served().session();
      const other = await served().session();
      const finish = await writing(line, 'a');
      for (const command of ['STOR a', 'APPE a', 'STOR ./x/../a']) {
        await other.dataConnection();
        expect(await other.code(command))
          .withContext(command)
          .toBe(450);
      }
      expect(await other.code('RNFR b')).toBe(350);
      expect(await other.code('RNTO a')).toBe(450);
      if (content !== undefined) {
        expect(await other.code('DELE a')).toBe(450);
        expect(await other.code('RNFR a')).toBe(350);
        expect(await other.code('RNTO c')).toBe(450);
      }
      expect(await finish()).toBe(226);
      expect(readFileSync(at('a'), 'utf8')).toBe('first');
      await other.upload('STOR a', 'second');
      expect(readFileSync(at('a'), 'utf8')).toBe('second');
      expect(await other.code('DELE a')).toBe(250);
    });
  }

  it('is refused under another of its names as well, to a second writer and to whoever removes or renames it', async () => {
    writeFileSync(at('a'), 'old');
    linkSync(at('a'), at('b'));
    const finish = await writing(await served().session(), 'a');
    const other = await served().session();
    await other.dataConnection();
    expect(await other.code('STOR b')).toBe(450);
    expect([await other.code('DELE b'), await other.code('RNFR b'), await other.code('RNTO c')]).toEqual([
      450, 350, 450,
    ]);
    expect(await finish()).toBe(226);
    await other.upload('STOR b', 'second');
    expect(readFileSync(at('a'), 'utf8')).toBe('second');
  });

  for (const [what, dataComes] of [
    ['waits for data', false],
    ['has some of it', true],
  ] as const) {
    it(`is let go of for the next who wants it when its writer ${what} and the client has hung up`, async () => {
      const left = await served().session();
      const port = await left.passivePort();
      expect(await left.code('STOR a')).toBe(150);
      if (dataComes) {
        (await connected(port)).write('some');
        await sizeIs('a', 4);
      }
      left.socket.end();
      const next = await served().session();
      // Until the server has heard of it.
      let data = await next.dataConnection();
      for (let code = await next.code('STOR a'); code !== 150; code = await next.code('STOR a')) {
        expect(code).toBe(450);
        data = await next.dataConnection();
      }
      data.end('all of it');
      expect((await next.reply()).code).toBe(226);
      expect(readFileSync(at('a'), 'utf8')).toBe('all of it');
      // The one that was left hears of it as well.
      expect((await left.reply()).code).toBe(426);
      expect(await served().counted()).toBe(9);
    });
  }

  it('can be read, as far as it is there', async () => {
    writeFileSync(at('a'), 'old');
    const finish = await writing(await served().session(), 'a');
    const other = await served().session();
    await other.download('RETR a');
    expect(await finish()).toBe(226);
  });

  it('goes along with its folder, and is counted there', async () => {
    mkdirSync(at('folder'));
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR folder/a')).toBe(150);
    data.write('first, ');
    await sizeIs('folder/a', 7);
    const other = await served().session();
    expect([await other.code('RNFR folder'), await other.code('RNTO moved')]).toEqual([350, 250]);
    data.end('then more');
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(at('moved/a'), 'utf8')).toBe('first, then more');
    expect(await served().counted()).toBe(16);
  });

  it('is not made in a folder that went away before its data came', async () => {
    mkdirSync(at('folder'));
    const line = await served().session();
    const port = await line.passivePort();
    expect(await line.code('STOR folder/a')).toBe(150);
    const other = await served().session();
    expect(await other.code('RMD folder')).toBe(250);
    (await connected(port)).end('data');
    expect((await line.reply()).code).toBe(550);
  });

  it('is given free when its writer is cut off', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    data.resetAndDestroy();
    line.close();
    const other = await served().session();
    for (let code = 450; code === 450; ) {
      await other.dataConnection();
      code = await other.code('STOR a');
      expect([150, 450]).toContain(code);
    }
  });

  it('counts for nothing when somebody on the machine removed it meanwhile', async () => {
    expect(await served().counted()).toBe(0);
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    data.write('some');
    await sizeIs('a', 4);
    rmSync(at('a'));
    data.end('more');
    expect((await line.reply()).code).toBe(226);
    expect(await served().counted()).toBe(0);
  });

  async function sizeIs(name: string, bytes: number): Promise<void> {
    const isThere = () => existsSync(at(name)) && statSync(at(name)).size === bytes;
    while (!isThere()) await new Promise((resolve) => setImmediate(resolve));
  }
});
