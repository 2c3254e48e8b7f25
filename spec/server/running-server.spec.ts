import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunningServer } from '../../lib/server/running-server.ts';
import { servedFolder } from '../support/ftp-server.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('RunningServer', () => {
  let clock: ManualClock;
  const served = servedFolder(() => {
    clock = new ManualClock();
    return { clock, admission: { addressAfter: 2, banMs: 60_000 } };
  });
  let live: RunningServer;

  beforeEach(() => {
    live = new RunningServer({
      server: served().server,
      clock,
      reload: async () => ['no'],
      ownerOf: () => ({ home: served().home }),
    });
  });

  it('tells of each session who it is, what it does, and for how long', async () => {
    const began = clock.now();
    const line = await served().session();
    const stranger = await served().line();
    clock.advance(2000);
    expect(live.sessions()).toEqual([
      {
        id: 1,
        user: 'steve',
        address: '127.0.0.1',
        port: line.localPort,
        isTls: false,
        sinceMs: began,
        idleMs: 2000,
        command: null,
        bytes: 0,
        bytesPerSecond: 0,
      },
      jasmine.objectContaining({ id: 2, user: null, port: stranger.localPort }),
    ]);
  });

  it('tells how far a transfer is', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    await line.ask('STOR a');
    data.write('0123456789');
    while (live.sessions()[0]?.bytes !== 10) await line.nothing();
    clock.advance(5000);
    expect(live.sessions()[0]).toEqual(
      jasmine.objectContaining({ command: 'STOR a', bytes: 10, bytesPerSecond: 2, idleMs: 0 }),
    );
    data.end();
    await line.reply();
    expect(live.sessions()[0]).toEqual(jasmine.objectContaining({ command: null, bytes: 0 }));
  });

  it('shows nobody the password that is being checked', async () => {
    const line = await served().line();
    await line.ask('USER steve');
    const asked = once(served().server.events, 'requestReceived');
    const answer = line.code('PASS secret');
    await asked;
    while (live.sessions()[0]?.command === null) await line.nothing();
    expect(live.sessions()[0]?.command).toBe('PASS ****');
    await answer;
  });

  it('ends one session, or all of a user, with 421 at once', async () => {
    const lines = [await served().session(), await served().session(), await served().line()];
    expect(live.kick({ id: 1 }, 'Go away')).toBe(1);
    expect((await lines[0]?.reply())?.lines).toEqual(['Go away']);
    expect(live.kick({ user: 'nobody' }, 'Go away')).toBe(0);
    expect(live.kick({ user: 'steve' }, 'Go away')).toBe(1);
    expect((await lines[1]?.reply())?.code).toBe(421);
    expect(await lines[2]?.code('NOOP')).toBe(200);
  });

  it('tells who is kept out, and lets them in again', async () => {
    const line = await served().line();
    for (const code of [530, 421]) {
      await line.ask('USER steve');
      expect(await line.code('PASS wrong')).toBe(code);
    }
    expect(live.bans()).toEqual([{ kind: 'address', name: '127.0.0.1', untilMs: clock.now() + 60_000, failures: 2 }]);
    expect(live.unban('address', '127.0.0.1')).toBeTrue();
    expect(live.bans()).toEqual([]);
    await served().session();
  });

  it('counts what was done', async () => {
    const line = await served().session();
    await line.upload('STOR a', 'seven b');
    await line.download('RETR a');
    await line.download('NLST');
    await line.ask('RETR missing');
    await line.ask('USER steve');
    await line.ask('PASS wrong');
    clock.advance(1000);
    expect(live.stats()).toEqual({
      sinceMs: clock.now() - 1000,
      sessions: 1,
      sessionsSoFar: 1,
      loginsSoFar: 1,
      failedLogins: 1,
      bytesIn: 7,
      bytesOut: 10,
      uploads: 1,
      downloads: 1,
      quotaRefusals: 0,
      errors: 0,
    });
  });

  it('tells what the files of a user take, and counts them anew', async () => {
    const line = await served().session();
    await line.upload('STOR a', 'seven b');
    expect(await live.usedBytes('steve')).toBe(7);
    writeFileSync(join(served().home, 'b'), 'by hand');
    expect(await live.usedBytes('steve')).toBe(7);
    expect(await live.recount('steve')).toBe(14);
    expect(await live.usedBytes('steve')).toBe(14);
  });

  it('hands a wish to read the settings again on', async () => {
    expect(await live.reload()).toEqual(['no']);
  });
});
