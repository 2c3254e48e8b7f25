import { servedFolder } from '../support/ftp-server.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('The limits of a session', () => {
  let clock: ManualClock;
  const served = servedFolder(() => {
    clock = new ManualClock();
    return { clock };
  });

  it('end it with 421 when nobody logs in for 30 seconds', async () => {
    const line = await served().line();
    await clock.someoneWaits();
    clock.advance(29_999);
    expect(await line.code('NOOP')).toBe(200);
    clock.advance(1);
    expect((await line.reply()).code).toBe(421);
    await line.closed();
  });

  it('give 30 seconds again after a second USER', async () => {
    const line = await served().session();
    clock.advance(29_000);
    expect(await line.code('USER steve')).toBe(331);
    clock.advance(1_000);
    expect(await line.code('NOOP')).toBe(200);
    clock.advance(29_000);
    expect((await line.reply()).code).toBe(421);
  });

  it('end it with 421 after 300 seconds without a command', async () => {
    const line = await served().session();
    await pass(299_000);
    expect(await line.code('NOOP')).toBe(200);
    await pass(299_000);
    expect(await line.code('NOOP')).toBe(200);
    await pass(300_000);
    expect((await line.reply()).code).toBe(421);
  });

  it('do not count the time of a transfer', async () => {
    const line = await served().session();
    const data = await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    await pass(600_000);
    data.end('x');
    expect((await line.reply()).code).toBe(226);
    await pass(299_000);
    expect(await line.code('NOOP')).toBe(200);
  });

  it('answer 425 when the data connection does not come within 30 seconds', async () => {
    const line = await served().session();
    await line.ask('EPSV');
    expect(await line.code('STOR a')).toBe(150);
    while (clock.waits.filter((ms) => ms === 30_000).length < 3) await line.nothing();
    clock.advance(30_000);
    expect((await line.reply()).code).toBe(425);
    expect(await line.code('NOOP')).toBe(200);
  });

  /** Let time pass in steps, and those who wait look at the clock after each. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.advance(1_000);
      await clock.someoneWaits();
    }
  }
});

describe('A session in which nobody logs in', () => {
  const served = servedFolder();

  it('is ended with 421 by the twentieth command that is refused', async () => {
    const line = await served().line();
    for (let index = 1; index < 20; index += 1) {
      expect(await line.code('NOOP')).toBe(200);
      expect(await line.code(['MKD a', 'PORT x', 'XYZZY'][index % 3] ?? '')).toBeGreaterThan(499);
    }
    expect((await line.ask('LIST')).code).toBe(421);
    await line.closed();
  });

  it('forgets nothing by USER, and counts no wrong password, nor what is refused behind the login', async () => {
    const line = await served().line();
    for (let index = 1; index < 19; index += 1) expect(await line.code('MKD a')).toBe(530);
    expect([await line.code('USER steve'), await line.code('PASS wrong')]).toEqual([331, 530]);
    await line.logIn();
    for (let index = 0; index < 30; index += 1) expect(await line.code('DELE none')).toBe(550);
    expect(await line.code('USER steve')).toBe(331);
    expect([await line.code('MKD a'), await line.code('MKD a')]).toEqual([530, 421]);
  });
});

describe('A limit on the silence of a data connection', () => {
  const served = servedFolder(() => ({ limits: { stallMs: 20 } }));

  it('ends the transfer with 426', async () => {
    const line = await served().session();
    await line.dataConnection();
    expect(await line.code('STOR a')).toBe(150);
    expect((await line.reply()).code).toBe(426);
  });
});
