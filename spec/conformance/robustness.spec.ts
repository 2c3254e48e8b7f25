import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connected } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';

describe('A server under attack', () => {
  const served = servedFolder();
  const at = (name: string) => join(served().home, name);

  it('outlives resets of control and data connections', async () => {
    const closed = closedSessions(50);
    for (let round = 0; round < 50; round += 1) {
      const line = await served().session();
      const data = await line.dataConnection();
      if (round % 2) await line.ask(`STOR a${round}`);
      data.resetAndDestroy();
      line.socket.resetAndDestroy();
      (await connected(served().port)).resetAndDestroy();
    }
    await closed;
    expect(await (await served().session()).code('NOOP')).toBe(200);
  });

  it('goes on after a data connection was reset in the middle, and keeps what has come', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    await line.ask('STOR a');
    await new Promise<void>((sent) => data.write('partial', () => sent()));
    const other = await served().session();
    while ((await other.ask('SIZE a')).lines[0] !== '7');
    data.resetAndDestroy();
    expect((await line.reply()).code).toBe(426);
    expect(readFileSync(at('a'), 'utf8')).toBe('partial');
    expect(await line.code('NOOP')).toBe(200);
  });

  it('keeps what has come when the client dies', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    await line.ask('STOR a');
    await new Promise<void>((sent) => data.write(Buffer.alloc(100_000), () => sent()));
    const other = await served().session();
    while ((await other.ask('SIZE a')).lines[0] !== '100000');
    const closed = closedSessions(1);
    line.socket.resetAndDestroy();
    await closed;
    data.destroy();
    expect((await other.ask('SIZE a')).lines).toEqual([String(statSync(at('a')).size)]);
  });

  for (const command of ['STOR b', 'RETR a', 'LIST']) {
    it(`goes on after a data connection that was reset before ${command}`, async () => {
      writeFileSync(at('a'), Buffer.alloc(20_000_000));
      const line = await served().session();
      const data = await line.dataConnection();
      data.resetAndDestroy();
      await line.ask('NOOP');
      expect(await line.code(command)).toBe(150);
      expect((await line.reply()).code).toBe(426);
      expect(await line.code('NOOP')).toBe(200);
    });
  }

  it('goes on after a data connection was reset behind the end of the transfer', async () => {
    writeFileSync(at('a'), 'content');
    const line = await served().session();
    const data = connect({ port: await line.passivePort(), host: '127.0.0.1', allowHalfOpen: true });
    data.on('error', () => undefined).resume();
    expect(await line.code('RETR a')).toBe(150);
    expect((await line.reply()).code).toBe(226);
    data.resetAndDestroy();
    for (let turn = 0; turn < 10; turn += 1) expect(await line.code('NOOP')).toBe(200);
  });

  it('goes on after a client that stopped reading a download', async () => {
    writeFileSync(at('a'), Buffer.alloc(20_000_000));
    const line = await served().session();
    const data = await line.dataConnection();
    await line.ask('RETR a');
    data.resetAndDestroy();
    expect((await line.reply()).code).toBe(426);
  });

  it('answers a line without end once, with flat memory, and hangs up at the third', async () => {
    const line = await served().line();
    const before = process.memoryUsage().rss;
    for (let mebibyte = 0; mebibyte < 20; mebibyte += 1) {
      await new Promise<void>((sent) => line.socket.write(Buffer.alloc(1024 * 1024, 'x'), () => sent()));
    }
    expect((await line.reply()).code).toBe(500);
    line.send('\r\nNOOP\r\n');
    expect((await line.reply()).code).toBe(200);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    line.send(`${'x'.repeat(9000)}\r\n${'x'.repeat(9000)}\r\n`);
    expect(await line.codes(2)).toEqual([500, 500]);
    await line.closed();
  });

  it('takes a line of 8 KiB', async () => {
    const line = await served().session();
    expect(await line.code(`CWD ${'a/'.repeat(2000)}`)).toBe(550);
  });

  it('takes in only so many commands ahead of a transfer', async () => {
    const line = await served().session();
    await line.dataConnection();
    await line.ask('STOR a');
    line.send('NOOP\r\n'.repeat(5_000_000));
    const other = await served().session();
    // Long enough for the first one to send all of it, if somebody took it.
    for (let left = -1; left !== line.socket.writableLength; ) {
      left = line.socket.writableLength;
      for (let turn = 0; turn < 200; turn += 1) await other.code('NOOP');
    }
    expect(line.socket.writableLength).toBeGreaterThan(0);
  });

  it('does not pile up replies that nobody reads', async () => {
    let replies = 0;
    served().server.events.on('replySent', () => (replies += 1));
    const line = await served().line();
    line.socket.pause();
    const help = 'HELP\r\n'.repeat(200_000);
    line.send(help);
    const other = await served().line();
    // Long enough for the first one to fill what the system holds: its replies stop while others are served.
    for (let before = -1; before !== replies; ) {
      before = replies;
      for (let turn = 0; turn < 200; turn += 1) await other.code('NOOP');
      before += 200;
    }
    expect(replies).toBeLessThan(150_000);
  }, 30_000);

  it('sends away who only guesses commands', async () => {
    const line = await served().line();
    for (let count = 1; count < 10; count += 1) expect(await line.code('XYZZY')).toBe(500);
    expect(await line.code('NOOP')).toBe(200);
    for (let count = 1; count < 10; count += 1) expect(await line.code('XYZZY')).toBe(500);
    expect(await line.code('XYZZY')).toBe(421);
    await line.closed();
  });

  it('lists many entries in pieces, and stops when told', async () => {
    mkdirSync(at('many'));
    for (let count = 0; count < 500; count += 1) writeFileSync(at(`many/${'n'.repeat(200)}${count}`), '');
    const line = await served().session();
    expect((await line.download('NLST many')).toString().split('\r\n').length).toBe(501);
    const data = await line.dataConnection();
    data.pause();
    line.send('MLSD many\r\nABOR\r\n');
    expect(await line.codes(3)).toEqual([150, 426, 226]);
    data.destroy();
  });

  it('answers what was sent before a client closed its half', async () => {
    const line = await served().line();
    line.socket.end('USER steve\r\nPASS secret\r\nPWD\r\n');
    expect(await line.codes(3)).toEqual([331, 230, 257]);
    await line.closed();
  });

  function closedSessions(count: number): Promise<void> {
    let left = count;
    return new Promise((resolve) => {
      served().server.events.on('sessionClosed', () => {
        left -= 1;
        if (left === 0) resolve();
      });
    });
  }
});
