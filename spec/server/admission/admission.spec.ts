import { once } from 'node:events';
import { type Reply, ReplyParser } from '../../../lib/ftp/reply.ts';
import { ControlLine, connected } from '../../support/control-line.ts';
import { servedFolder } from '../../support/ftp-server.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** The first reply of a server, and whether it closes behind it. */
async function greeting(port: number, localAddress = '127.0.0.1'): Promise<Reply> {
  const socket = await connected(port, '127.0.0.1', localAddress);
  const parser = new ReplyParser();
  const [text] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  const [reply] = parser.feed(text);
  if (reply === undefined) throw new Error(`No reply in ${text}`);
  if (reply.code === 421) await once(socket, 'close');
  socket.destroy();
  return reply;
}

describe('Places of a server', () => {
  describe('for two at a time', () => {
    const served = servedFolder(() => ({ admission: { sessions: 2, pending: 3 } }));

    it('threat 23: refuse the third with 421 and let it in when one has gone', async () => {
      const [first] = [await served().session(), await served().session()];
      expect((await greeting(served().port)).code).toBe(421);
      const closed = once(served().server.events, 'sessionClosed');
      await first.ask('QUIT');
      await closed;
      await served().session();
      expect((await greeting(served().port)).code).toBe(421);
    });

    it('threat 23: are not taken by those who do not log in', async () => {
      const waiting = [await served().line(), await served().line(), await served().line()];
      expect((await greeting(served().port)).code).toBe(421);
      await waiting[0]?.logIn();
      await waiting[1]?.logIn();
      expect(await waiting[2]?.code('USER steve')).toBe(331);
      expect(await waiting[2]?.code('PASS secret')).toBe(421);
    });

    it('are free after a second USER and taken with the next login', async () => {
      const [first, second] = [await served().session(), await served().session()];
      await first.ask('USER steve');
      const third = await served().session();
      expect(await first.code('PASS secret')).toBe(421);
      await second.ask('USER steve');
      expect(await second.code('PASS secret')).toBe(230);
      third.close();
    });
  });

  describe('for one of each user', () => {
    const served = servedFolder(() => ({ admission: { perUser: 1 } }));

    it('threat 23: refuse the second login with 421', async () => {
      await served().session();
      const second = await served().line();
      await second.ask('USER steve');
      expect((await second.ask('PASS secret')).lines).toEqual(['Too many sessions of this user']);
      await second.closed();
    });
  });

  describe('for two from each address', () => {
    const served = servedFolder(() => ({ admission: { perAddress: 2 } }));

    it('threat 23: refuse the third from there with 421 and let others in', async () => {
      await served().line();
      await served().line();
      expect((await greeting(served().port)).lines).toEqual(['Too many connections from your address']);
      expect((await greeting(served().port, '127.0.0.9')).code).toBe(220);
    });
  });
});

describe('Wrong logins', () => {
  let clock: ManualClock;
  const guess = async (line: ControlLine): Promise<number> => {
    await line.ask('USER steve');
    return line.code('PASS wrong');
  };

  describe('of a server that keeps those out who guess', () => {
    const served = servedFolder(() => {
      clock = new ManualClock();
      return { clock, admission: { addressAfter: 5, userAfter: 50, banMs: 60_000 } };
    });

    it('threat 20: keep the address out, where sessions of others go on, and lets the right user in from elsewhere', async () => {
      const before = await served().session();
      for (let count = 0; count < 4; count += 1) {
        const line = await served().line();
        expect(await guess(line)).toBe(530);
        line.close();
      }
      expect(await guess(await served().line())).toBe(421);
      expect((await greeting(served().port)).code).toBe(421);
      expect(await before.code('NOOP')).toBe(200);
      const elsewhere = await ControlLine.to(served().port, '127.0.0.1', '127.0.0.9');
      await elsewhere.logIn();
      elsewhere.close();
      expect(
        served()
          .server.bans()
          .map(({ kind, name }) => [kind, name]),
      ).toEqual([['address', '127.0.0.1']]);
      clock.advance(60_000);
      await served().session();
    });

    it('are not made good by many connections at once: the right one among them is refused as well', async () => {
      const lines = await Promise.all(Array.from({ length: 8 }, () => served().line()));
      await Promise.all(lines.map((line) => line.ask('USER steve')));
      const answers = lines.map((line, at) => line.code(`PASS ${at === 7 ? 'secret' : 'wrong'}`));
      const codes = await Promise.all(answers);
      // Two are checked at a time, and either may be done first; the right one comes last.
      expect(codes.filter((code) => code === 530).length).toBe(4);
      expect(codes.at(-1)).toBe(421);
    });
  });

  describe('with the name of somebody who was there before', () => {
    const served = servedFolder(() => ({ admission: { userAfter: 2, banMs: 60_000, attempts: 10 } }));

    it('threat 20: keep the name out, but not from where it got in', async () => {
      (await served().session()).close();
      const stranger = await ControlLine.to(served().port, '127.0.0.1', '127.0.0.9');
      expect(await guess(stranger)).toBe(530);
      expect(await guess(stranger)).toBe(530);
      await stranger.ask('USER steve');
      expect(await stranger.code('PASS secret')).toBe(530);
      stranger.close();
      expect(served().server.unban('user', 'nobody')).toBeFalse();
      await served().session();
      expect(served().server.unban('user', 'steve')).toBeTrue();
    });
  });

  describe('of a server that answers them later', () => {
    const served = servedFolder(() => {
      clock = new ManualClock();
      return { clock, admission: { delayMs: 1000, attempts: 100 }, limits: { loginMs: 1e6 } };
    });

    it('threat 20: cost a second more each time, up to ten', async () => {
      const line = await served().line();
      const delays: number[] = [];
      for (let count = 0; count < 12; count += 1) {
        clock.waits.length = 0;
        await line.ask('USER steve');
        const answer = line.code('PASS wrong');
        while (clock.waits.length === 0) await line.nothing();
        delays.push(clock.waits[0] ?? 0);
        clock.advance(delays.at(-1) ?? 0);
        expect(await answer).toBe(530);
      }
      expect(delays.map((ms) => ms / 1000)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10]);
    }, 20_000);

    it('threat 20: are not answered sooner when ABOR comes behind', async () => {
      const line = await served().line();
      await line.ask('USER steve');
      line.send('PASS wrong\r\nABOR\r\n');
      while (!clock.waits.includes(1000)) await line.nothing();
      const other = await served().line();
      for (let turn = 0; turn < 20; turn += 1) await other.code('NOOP');
      let isAnswered = false;
      const codes = line.codes(2).then((all) => {
        isAnswered = true;
        return all;
      });
      await other.code('NOOP');
      expect(isAnswered).toBeFalse();
      clock.advance(1000);
      expect((await codes)[0]).toBe(530);
    });

    it('keep no right login waiting', async () => {
      const line = await served().line();
      await line.ask('USER steve');
      const answer = line.code('PASS wrong');
      while (!clock.waits.includes(1000)) await line.nothing();
      await served().session();
      clock.advance(1000);
      expect(await answer).toBe(530);
    });
  });
});
