import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExtendedPassive } from '../../lib/ftp/address.ts';
import { connected } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 959 section 4.1.3, service commands that move files:', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);
  const content = (name: string) => readFileSync(at(name), 'utf8');

  for (const size of [0, 1, 65_536, 1_000_003]) {
    it(`STOR and RETR carry ${size} bytes as they are`, async () => {
      const line = await served().session();
      const bytes = Buffer.alloc(size, 'any\r\n\0\xff\xf4', 'latin1');
      await line.upload('STOR a', bytes);
      expect(readFileSync(at('a')).equals(bytes)).toBeTrue();
      expect((await line.download('RETR a')).equals(bytes)).toBeTrue();
    });
  }

  it('RETR sends all to a client that has closed its half, and to one that talks', async () => {
    const line = await served().session();
    writeFileSync(at('a'), Buffer.alloc(5_000_000));
    for (const talk of ['', 'x'.repeat(20_000_000)]) {
      const data = await line.dataConnection();
      const taken = once(data, 'finish');
      data.end(talk);
      expect(await line.code('RETR a')).toBe(150);
      let size = 0;
      // To stop reading at the end would destroy the connection, and with it what is still being sent.
      for await (const chunk of data.iterator({ destroyOnReturn: false })) size += chunk.length;
      expect(size).toBe(5_000_000);
      expect((await line.reply()).code).toBe(226);
      await taken;
    }
  });

  it('STOR takes the place of a longer file', async () => {
    const line = await served().session();
    writeFileSync(at('a'), 'a long content');
    await line.upload('STOR a', 'short');
    expect(content('a')).toBe('short');
  });

  it('STOR whose connection is reset is never answered 226, whatever has come', async () => {
    for (let turn = 0; turn < 10; turn += 1) {
      const line = await served().session();
      const data = await line.dataConnection();
      data.on('error', () => undefined);
      expect(await line.code('STOR a')).toBe(150);
      data.write(Buffer.alloc(50_000), () => data.resetAndDestroy());
      expect(await line.code('NOOP')).toBe(426);
      line.close();
    }
  });

  it('RETR of a file that gets shorter meanwhile is never answered 226', async () => {
    writeFileSync(at('a'), Buffer.alloc(50_000_000));
    const line = await served().session();
    const data = await line.dataConnection();
    data.on('error', () => undefined);
    expect(await line.code('RETR a')).toBe(150);
    data.pause();
    truncateSync(at('a'), 1000);
    data.resume();
    expect((await line.reply()).code).toBe(450);
  });

  it('STOR leaves the file as it is until there is a data connection', async () => {
    const line = await served().session();
    writeFileSync(at('a'), 'old');
    await line.ask('EPSV');
    expect(await line.code('STOR a')).toBe(150);
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
    expect(content('a')).toBe('old');
    await line.ask('EPSV');
    expect(await line.code('STOR b')).toBe(150);
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
    expect(existsSync(at('b'))).toBeFalse();
  });

  it('APPE adds to the end of a file, or makes it', async () => {
    const line = await served().session();
    await line.upload('APPE a', 'one');
    await line.upload('APPE a', 'two');
    expect(content('a')).toBe('onetwo');
  });

  it('RETR of a missing file is answered 550, and of a folder too', async () => {
    const line = await served().session();
    mkdirSync(at('folder'));
    expect(await line.code('RETR missing')).toBe(550);
    expect(await line.code('RETR folder')).toBe(550);
    expect(await line.code('RETR /')).toBe(550);
  });

  it('STOR onto a folder is answered 550, and into a missing one too', async () => {
    const line = await served().session();
    mkdirSync(at('folder'));
    expect(await line.code('STOR folder')).toBe(550);
    expect(await line.code('STOR missing/a')).toBe(550);
    expect(await line.code('STOR /')).toBe(550);
  });

  for (const command of ['STOR missing/a', 'RETR missing', 'MLSD missing', 'STOR']) {
    it(`${command} is refused so that a client waiting on its data connection sees the end`, async () => {
      const line = await served().session();
      const data = await line.dataConnection();
      expect(await line.code(command)).toBeGreaterThan(500);
      await new Promise((resolve) => data.resume().once('close', resolve));
    });
  }

  it('a transfer without PASV or EPSV is answered 425', async () => {
    const line = await served().session();
    writeFileSync(at('a'), '');
    for (const command of ['STOR a', 'RETR a', 'LIST']) expect(await line.code(command)).toBe(425);
  });

  it('150 is sent before the data connection is there', async () => {
    const line = await served().session();
    const port = await line.passivePort();
    expect(await line.code('STOR a')).toBe(150);
    (await connected(port)).end('late');
    expect((await line.reply()).code).toBe(226);
    expect(content('a')).toBe('late');
  });

  it('commands sent together are answered in order', async () => {
    const line = await served().session();
    writeFileSync(at('.tmp'), 'one');
    line.send('RNFR .tmp\r\nRNTO one\r\nMFMT 20260102030405.678 one\r\nSIZE one\r\nEPSV\r\nSTOR two\r\n');
    expect(await line.codes(4)).toEqual([350, 250, 213, 213]);
    const data = await connected(parseExtendedPassive((await line.reply()).lines[0] ?? ''));
    expect((await line.reply()).code).toBe(150);
    data.end('two');
    expect((await line.reply()).code).toBe(226);
    expect([content('one'), content('two')]).toEqual(['one', 'two']);
  });

  it('STOU stores under a name of its own in the current folder, told by 150 (RFC 1123 section 4.1.2.9)', async () => {
    const line = await served().session();
    mkdirSync(at('folder'));
    await line.ask('CWD folder');
    const names: string[] = [];
    for (const command of ['STOU', 'STOU ../a']) {
      const data = await line.dataConnection();
      const { code, lines } = await line.ask(command);
      expect(code).toBe(150);
      names.push(/^FILE: (\S+)$/.exec(lines[0] ?? '')?.[1] ?? '');
      data.end(command);
      expect((await line.reply()).code).toBe(226);
    }
    expect(readdirSync(at('folder')).sort()).toEqual([...names].sort());
    expect(names.map((name) => content(`folder/${name}`))).toEqual(['STOU', 'STOU ../a']);
    expect(readdirSync(served().home)).toEqual(['folder']);
    expect([await line.code('REST 1'), await line.code('STOU')]).toEqual([350, 503]);
  });

  it('ALLO is answered 200 where there is room, 452 where there is not, and 501 for no number', async () => {
    const line = await served().session();
    const commands = ['ALLO 100', 'ALLO 100 R 10', `ALLO ${'9'.repeat(30)}`, 'ALLO x', 'ALLO -1'];
    const codes: number[] = [];
    for (const command of commands) codes.push(await line.code(command));
    expect(codes).toEqual([200, 200, 452, 501, 501]);
  });

  it('ABOR during STOR is answered 426 and 226, and what has come is kept', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    await new Promise<void>((sent) => data.write('partial', () => sent()));
    const other = await served().session();
    while ((await other.ask('SIZE a')).lines[0] !== '7');
    line.send('ABOR\r\n');
    expect(await line.codes(2)).toEqual([426, 226]);
    expect(content('a')).toBe('partial');
    expect(await line.code('NOOP')).toBe(200);
  });

  it('ABOR during RETR ends it, whoever does not read', async () => {
    const line = await served().session();
    writeFileSync(at('a'), Buffer.alloc(20_000_000));
    const data = await line.dataConnection();
    data.pause();
    expect(await line.code('RETR a')).toBe(150);
    line.send(Buffer.concat([Buffer.of(0xff, 0xf4, 0xff, 0xf2), Buffer.from('ABOR\r')]));
    expect(await line.codes(2)).toEqual([426, 226]);
    data.destroy();
  });

  it('ABOR sent along with the transfer ends it', async () => {
    const line = await served().session();
    await line.dataConnection();
    line.send('STOR a\r\nABOR\r\nNOOP\r\n');
    expect(await line.codes(4)).toEqual([150, 426, 226, 200]);
    await line.dataConnection();
    line.send('STOR a\r\nNOOP\r\nABOR\r\nABOR\r\n');
    expect(await line.codes(5)).toEqual([150, 426, 200, 226, 225]);
  });

  it('ABOR without a transfer is answered 225, and gives up the data connection', async () => {
    const line = await served().session();
    expect(await line.code('ABOR')).toBe(225);
    const data = await line.dataConnection();
    expect(await line.code('ABOR')).toBe(225);
    await new Promise((resolve) => data.resume().once('close', resolve));
  });
});
