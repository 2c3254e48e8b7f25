import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type ControlLine, connected } from '../support/control-line.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { ManualClock } from '../support/manual-clock.ts';

// More than a client reads that does nothing, less than the system holds for it.
const CONTENT = randomBytes(200_000);

describe('A passive port', () => {
  const served = servedFolder();

  it('threat 2: stays open for its client when somebody else comes, who is sent away and told of', async () => {
    const strangers: unknown[] = [];
    served().server.events.on('strangerRefused', ({ remoteAddress }) => strangers.push(remoteAddress));
    const line = await served().session();
    const port = await line.passivePort();
    const stranger = await connected(port, '127.0.0.1', '127.0.0.2');
    await new Promise((resolve) => stranger.resume().once('close', resolve));
    const data = await connected(port);
    expect(await line.code('STOR a')).toBe(150);
    data.end('of the client');
    expect((await line.reply()).code).toBe(226);
    expect(readFileSync(join(served().home, 'a'), 'utf8')).toBe('of the client');
    expect(strangers).toEqual(['127.0.0.2']);
  });
});

describe('A data connection whose client has been told 226', () => {
  const clock = new ManualClock();
  const served = servedFolder(() => ({ clock }));
  beforeEach(() => writeFileSync(join(served().home, 'a'), CONTENT));

  /** Take all the replies to a download, and read nothing of it. */
  async function unread(line: ControlLine): Promise<Socket> {
    const data = connect({ port: await line.passivePort(), host: '127.0.0.1', allowHalfOpen: true });
    data.on('error', () => undefined).pause();
    expect(await line.code('RETR a')).toBe(150);
    expect((await line.reply()).code).toBe(226);
    return data;
  }

  async function contentOf(data: Socket): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of data) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  it('brings all of it to one that takes its time, whatever becomes of the session meanwhile', async () => {
    const line = await served().session();
    const left = [await unread(line), await unread(line)];
    await line.upload('STOR b', 'next');
    left.push(await unread(line));
    clock.advance(3_600_000);
    await line.closed();
    for (const data of left) expect((await contentOf(data)).equals(CONTENT)).toBeTrue();
  });

  it('is closed a minute later, also to one that goes on saying something', async () => {
    const line = await served().session();
    const data = await unread(line);
    for (let step = 0; step < 12; step += 1) {
      expect(data.closed).toBeFalse();
      clock.advance(5_000);
      data.write('x');
      expect(await line.code('NOOP')).toBe(200);
    }
    // Whoever writes to a connection that the other end has closed hears of it soon.
    for (let turn = 0; turn < 50 && !data.closed; turn += 1) {
      data.write('x');
      await line.code('NOOP');
    }
    expect(data.closed).toBeTrue();
  });
});
