import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseList } from '../../lib/ftp/listing.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('RFC 959 section 4.1.3, STAT', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);

  it('tells how the session stands, before the login too', async () => {
    const line = await served().line();
    const { code, lines } = await line.ask('STAT');
    expect(code).toBe(211);
    expect(lines.join('\n')).toContain('Connected from 127.0.0.1\n Nobody is logged in\n Type A, structure F, mode S');
    await line.logIn();
    expect((await line.ask('STAT')).lines.join('\n')).toContain('Logged in as steve\n Type I');
  });

  it('of a folder tells what is in it, as LIST does, over the control connection', async () => {
    mkdirSync(at('folder/inner'), { recursive: true });
    writeFileSync(at('folder/file'), 'four');
    const line = await served().session();
    for (const command of ['STAT folder', 'STAT -la folder']) {
      const { code, lines } = await line.ask(command);
      expect(code).toBe(213);
      const { entries, unreadable } = parseList(
        lines
          .slice(1, -1)
          .map((text) => text.slice(1))
          .join('\n'),
      );
      expect(unreadable).toEqual([]);
      expect([...entries].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        { name: 'file', kind: 'file', size: 4 },
        { name: 'inner', kind: 'directory', size: 0 },
      ]);
    }
  });

  it('of a file tells that file', async () => {
    writeFileSync(at('file'), 'four');
    const { code, lines } = await (await served().session()).ask('STAT file');
    expect([code, lines.length]).toEqual([213, 3]);
    expect(lines[1]).toMatch(/ 4 .* file$/);
  });

  it('of what is missing, or lies outside, is answered 550, and 530 before the login', async () => {
    symlinkSync(served().outside, at('out'));
    const line = await served().session();
    expect([await line.code('STAT missing'), await line.code('STAT out/')]).toEqual([550, 550]);
    expect(await (await served().line()).code('STAT /')).toBe(530);
  });

  it('during a transfer tells how far it is, ahead of its end', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    await new Promise<void>((sent) => data.write('1234567', () => sent()));
    const other = await served().session();
    while ((await other.ask('SIZE a')).lines[0] !== '7');
    const { code, lines } = await line.ask('STAT');
    expect(code).toBe(211);
    expect(lines).toContain(' A transfer is under way: 7 bytes so far');
    data.end();
    expect((await line.reply()).code).toBe(226);
    expect((await line.ask('STAT')).lines).toContain(' No transfer');
  });

  it('that was sent ahead waits for its turn', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    line.send('NOOP\r\nSTAT\r\n');
    // Others are answered: these lines have arrived as well.
    await (await served().session()).code('NOOP');
    data.end('x');
    expect(await line.codes(3)).toEqual([226, 200, 211]);
  });

  it('with a path waits for the end of a transfer', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    line.send('STAT a\r\n');
    data.end('x');
    expect(await line.codes(2)).toEqual([226, 213]);
  });
});

describe('threat 35: STAT of a folder with more entries than it tells', () => {
  const served = servedFolder();

  it('is refused, and not cut', async () => {
    const folder = join(served().home, 'many');
    mkdirSync(folder);
    for (let count = 0; count <= 10_000; count += 1) writeFileSync(join(folder, String(count)), '');
    expect(await (await served().session()).code('STAT many')).toBe(550);
  });

  it('that has just so many is told whole', async () => {
    const folder = join(served().home, 'many');
    mkdirSync(folder);
    for (let count = 0; count < 10_000; count += 1) writeFileSync(join(folder, String(count)), '');
    // More than our own client would take.
    const socket = connect(served().port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.write('USER steve\r\nPASS secret\r\nSTAT many\r\nQUIT\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text.split('\r\n').filter((line) => line.startsWith(' -rw')).length).toBe(10_000);
  });
});
