import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePassive } from '../../lib/ftp/address.ts';
import { connected } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 959 section 4.1.2, transfer parameter commands:', () => {
  const served = servedFolder();

  const answers: readonly (readonly [string, number])[] = [
    ['TYPE A', 200],
    ['TYPE a n', 200],
    ['TYPE I', 200],
    ['TYPE L 8', 200],
    ['TYPE E', 504],
    ['TYPE L 36', 504],
    ['TYPE A T', 504],
    ['TYPE', 501],
    ['TYPE X', 501],
    ['TYPE I 8', 501],
    ['TYPE L', 501],
    ['TYPE A X', 501],
    ['STRU F', 200],
    ['STRU R', 504],
    ['STRU P', 504],
    ['STRU X', 501],
    ['MODE S', 200],
    ['MODE B', 504],
    ['MODE C', 504],
    ['MODE X', 501],
    ['PORT 127,0,0,1,200,1', 200],
  ];
  for (const [command, code] of answers) {
    it(`${command} is answered ${code}`, async () => {
      expect(await (await served().session()).code(command)).toBe(code);
    });
  }

  it('PASV tells the address that the client is connected to', async () => {
    const line = await served().session();
    const { code, lines } = await line.ask('PASV');
    expect(code).toBe(227);
    const { address, port } = parsePassive(lines[0] ?? '');
    expect(address).toBe('127.0.0.1');
    const data = await connected(port);
    expect(await line.code('STOR a')).toBe(150);
    data.end('content');
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('content');
  });

  it('a second PASV takes the place of the first', async () => {
    const line = await served().session();
    const old = await line.dataConnection();
    const { lines } = await line.ask('PASV');
    await new Promise((resolve) => old.resume().once('close', resolve));
    const data = await connected(parsePassive(lines[0] ?? '').port);
    expect(await line.code('STOR a')).toBe(150);
    data.end('new');
    expect((await line.reply()).code).toBe(226);
  });
});

describe('RFC 959 section 3.1.1.1, TYPE A:', () => {
  const served = servedFolder();

  it('lines arrive with the ends of this machine, wherever they are cut', async () => {
    const line = await served().session();
    await line.ask('TYPE A');
    const data = await line.dataConnection();
    expect(await line.code('STOR text')).toBe(150);
    for (const piece of ['one\r', '\ntwo\r\n', '\r', '\n', 'x\ry'])
      await new Promise<void>((sent) => data.write(piece, () => sent()));
    data.end();
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(join(served().home, 'text'), 'utf8')).toBe('one\ntwo\n\nx\ry');
  });

  it('lines leave with CR LF', async () => {
    writeFileSync(join(served().home, 'text'), 'one\n\ntwo');
    const line = await served().session();
    await line.ask('TYPE A');
    expect((await line.download('RETR text')).toString()).toBe('one\r\n\r\ntwo');
  });

  it('is what a session begins with', async () => {
    const line = await served().line();
    await line.ask('USER steve');
    await line.ask('PASS secret');
    writeFileSync(join(served().home, 'text'), 'one\n');
    expect((await line.download('RETR text')).toString()).toBe('one\r\n');
  });

  it('a text as large as many pieces is the same when it comes back', async () => {
    const text = 'a line of text\n'.repeat(100_000);
    writeFileSync(join(served().home, 'text'), text);
    const line = await served().session();
    await line.ask('TYPE A');
    const sent = await line.download('RETR text');
    await line.upload('STOR back', sent);
    expect(readFileSync(join(served().home, 'back'), 'utf8') === text).toBeTrue();
  });
});
