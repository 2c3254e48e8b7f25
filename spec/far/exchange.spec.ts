import { once } from 'node:events';
import type { Socket } from 'node:net';
import { systemClock } from '../../lib/base/clock.ts';
import type { Pump } from '../../lib/far/exchange.ts';
import { FtpConnection } from '../../lib/far/ftp-connection.ts';
import { Line } from '../../lib/far/line.ts';
import { fetchRaw, storeRaw } from '../../lib/far/raw-moves.ts';
import { Reception } from '../../lib/far/reception.ts';
import type { TalkRules } from '../../lib/far/transfer-jobs.ts';
import { type Script, type ScriptedCommand, ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { refusalOf } from '../support/transport-probe.ts';

const STOPPED = new Error('stopped');

describe('a transfer', () => {
  let server: ScriptedServer;
  let connection: FtpConnection;
  let controller: AbortController;

  async function start(script: Script, rules: Partial<TalkRules> = {}): Promise<void> {
    const errand = { rules: { ...talkRules, timeoutMs: 500, ...rules } };
    server = await ScriptedServer.start(script);
    server.files.set('/file', Buffer.from('content'));
    connection = await FtpConnection.open({ site: server.site, ...errand }, new Line(errand, systemClock));
    controller = new AbortController();
  }
  afterEach(async () => {
    connection.close();
    await server.stop();
  });

  const get = (sink = { write: async (): Promise<void> => undefined }) =>
    fetchRaw({ path: '/file', at: 0, sink }, connection, { signal: controller.signal });

  const put = (content: AsyncIterable<Buffer>) =>
    storeRaw({ content, path: '/new', place: 'begin' }, connection, { signal: controller.signal });

  /** The transfer begins, some content comes, and nothing more: the user stops it. */
  const stall = async ({ data, control }: ScriptedCommand) => {
    const socket = await data();
    socket.on('error', () => undefined).resume();
    control.write('150 take\r\n');
    socket.write('con');
    return undefined;
  };
  const stopOnce = { write: async () => controller.abort(STOPPED) };

  for (const [what, answers] of [
    ['426 and 226', '426 broken off\n226 so be it'],
    ['426 and 225', '426 broken off\n225 nothing to abort'],
    ['226 twice, since all had been sent', '226 all sent\n226 so be it'],
    ['one answer for both', '426 broken off'],
  ] as const) {
    it(`that is broken off leaves the connection in step when ABOR is answered by ${what}`, async () => {
      await start({ RETR: stall, ABOR: answers, NOOP: '200 yes' });
      await expectAsync(get(stopOnce)).toBeRejectedWith(STOPPED);
      expect(server.verbs.slice(-2)).toEqual(['ABOR', 'NOOP']);
      expect((await connection.ask('SIZE /file')).message).toBe('213 7');
      expect(connection.closed).toBeFalse();
    });
  }

  it('that is broken off costs the connection when the server does not answer ABOR', async () => {
    await start({ RETR: stall, ABOR: () => undefined });
    await refusalOf(get(stopOnce));
    expect(connection.closed).toBeTrue();
  });

  it('of nothing is whole though the data connection has ended before the server said that it begins', async () => {
    await start({
      RETR: async ({ data, control }) => {
        const socket = await data();
        await new Promise<void>((resolve) => {
          socket.once('close', resolve);
          socket.end();
          socket.resume();
        });
        control.write('150 take\r\n');
        return '226 that is all';
      },
    });
    expect(await get()).toBe(0);
    expect(connection.closed).toBeFalse();
  });

  it('is not begun when it is broken off before', async () => {
    await start({});
    controller.abort(STOPPED);
    await expectAsync(get()).toBeRejectedWith(STOPPED);
    expect(server.verbs).not.toContain('RETR');
  });

  it('that is broken off behind REST costs the connection: the next one would begin in the middle', async () => {
    await start({
      REST: ({ ordinary }) => {
        controller.abort(STOPPED);
        return ordinary();
      },
    });
    const sink = { write: async () => undefined };
    const fetch = fetchRaw({ path: '/file', at: 3, sink }, connection, { signal: controller.signal });
    await expectAsync(fetch).toBeRejectedWith(STOPPED);
    expect(server.verbs).not.toContain('RETR');
    expect(connection.closed).toBeTrue();
  });

  it('to the server is broken off in the same way, with what it has by then', async () => {
    await start({ ABOR: '226 so be it', NOOP: '200 yes' });
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from('con');
      controller.abort(STOPPED);
      await new Promise(() => undefined);
    }
    await expectAsync(put(endless())).toBeRejectedWith(STOPPED);
    expect((await connection.ask('SIZE /file')).message).toBe('213 7');
  });

  it('tells what reading its content failed with, and keeps the connection', async () => {
    await start({ ABOR: '226 so be it', NOOP: '200 yes' });
    const broken = new Error('a broken disk');
    // biome-ignore lint/correctness/useYield: it fails before it has anything to give
    async function* failing(): AsyncGenerator<Buffer> {
      throw broken;
    }
    await expectAsync(put(failing())).toBeRejectedWith(broken);
    expect((await connection.ask('SIZE /file')).message).toBe('213 7');
  });

  it('tells what its sink failed with, and keeps the connection', async () => {
    await start({ RETR: stall, ABOR: '426 broken off\n226 so be it', NOOP: '200 yes' });
    const full = new Error('no room');
    const sink = {
      write: async () => {
        throw full;
      },
    };
    await expectAsync(get(sink)).toBeRejectedWith(full);
    expect(connection.closed).toBeFalse();
  });

  it('in which nothing comes any more ends in time', async () => {
    await start({ RETR: stall });
    expect((await refusalOf(get())).code).toBe('E_TIMEOUT');
    expect(connection.closed).toBeTrue();
  });

  it('waits for a slow sink as long as that takes', async () => {
    await start({}, { timeoutMs: 150 });
    server.files.set('/file', Buffer.alloc(8 * 1024 * 1024));
    let data: Socket | undefined;
    const sink = {
      write: async () => {
        const slow = data;
        data = undefined;
        if (!slow) return;
        // With the first piece in its hands it lets two whole timeouts of the data connection pass.
        await once(slow, 'timeout');
        await once(slow, 'timeout');
      },
    };
    const reception = new Reception({ sink, ...connection.pace, onBytes: () => undefined });
    const pump: Pump = {
      failure: undefined,
      run: (socket) => {
        data = socket;
        return reception.run(socket);
      },
      stop: () => reception.stop(),
    };
    await connection.exchange({ verb: 'RETR', path: '/file', at: 0 }, pump);
    expect(reception.bytes).toBe(8 * 1024 * 1024);
    expect(data).toBeUndefined();
  });

  it('is as fast as it may be, and no faster', async () => {
    const bandwidth = [{ minute: 0, bytesPerSecond: 1024 * 1024 }];
    await start({}, { limits: { bandwidth }, timeoutMs: 5000 });
    server.files.set('/file', Buffer.alloc(512 * 1024));
    const begun = performance.now();
    expect(await get()).toBe(512 * 1024);
    expect(performance.now() - begun).toBeGreaterThan(250);
  });

  it('that the server refuses is told with its words, and the connection is kept', async () => {
    await start({ RETR: '550 not for you' });
    const error = await refusalOf(get());
    expect([error.code, error.reply]).toEqual(['E_REFUSED', 550]);
    expect(error.message).toContain('not for you');
    expect(connection.closed).toBeFalse();
  });
});
