import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseTimetable } from '../../lib/base/timetable.ts';
import { HeadCount } from '../../lib/far/head-count.ts';
import { Limiter } from '../../lib/far/limiter.ts';
import { TalkToFtp } from '../../lib/far/talk-to-ftp.ts';
import type { Limits } from '../../lib/far/transfer-jobs.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { ScriptedServer } from '../support/scripted-server.ts';
import { talkRules } from '../support/talk-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A clock that lets each wait pass at once. */
class QuickClock extends ManualClock {
  override async wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.advance(ms);
  }
}

const rate = (text: string): Limits => ({ bandwidth: parseTimetable(text) ?? [] });

describe('Limiter', () => {
  const folder = temporaryFolder();

  /** How many bytes came in each second. */
  async function perSecond(limits: Limits, clock: QuickClock, bytes: number): Promise<readonly number[]> {
    const limiter = new Limiter(limits, clock);
    const begun = clock.now();
    const seconds: number[] = [];
    const source = Readable.from([Buffer.alloc(bytes)], { objectMode: false });
    for await (const piece of limiter.content(source)) {
      const second = Math.floor((clock.now() - begun) / 1000);
      seconds[second] = (seconds[second] ?? 0) + (piece as Buffer).length;
    }
    limiter.close();
    return [...seconds].map((sent) => sent ?? 0);
  }

  it('holds nobody up any more when all is broken off', async () => {
    const off = new AbortController();
    const limiter = new Limiter({ commandsPerSecond: 0.1 }, new ManualClock(), off.signal);
    await limiter.commands(1);
    const waiting = limiter.commands(1);
    await expectAsync(waiting).toBePending();
    off.abort();
    await Promise.all([waiting, limiter.commands(30), limiter.commands(30)]);
    await expectAsync(waiting).toBeResolved();
  });

  it('gives a lone worker the whole rate', async () => {
    const seconds = await perSecond(rate('100k'), new QuickClock(), 1_024_000);
    expect(seconds.length).toBe(10);
    for (const sent of seconds) expect(Math.abs(sent - 102_400)).toBeLessThan(10_240);
  });

  it('gives each of those that work the same share, as soon as their number changes', async () => {
    const count = new HeadCount(join(folder(), 'working'));
    const clock = new QuickClock();
    const ends = [count.begin(), count.begin(), count.begin(), count.begin()];
    const begun = clock.now();
    // Three of four go after five seconds.
    class Watched extends QuickClock {
      override async wait(ms: number): Promise<void> {
        await super.wait(ms);
        if (this.now() - begun >= 5000) for (const end of ends.splice(1)) end();
      }
    }
    const limits = { ...rate('100k'), workers: { file: count.file, most: 4 } };
    const seconds = await perSecond(limits, new Watched(begun), 5 * 25_600 + 5 * 102_400);
    count.close();
    expect(Math.abs((seconds[2] ?? 0) - 25_600)).toBeLessThan(2_560);
    expect(Math.abs((seconds[7] ?? 0) - 102_400)).toBeLessThan(10_240);
    expect(seconds.length).toBe(10);
  });

  it('follows the time of day while a file is sent', async () => {
    const clock = new QuickClock(new Date(2026, 10, 21, 7, 59, 55).getTime());
    const seconds = await perSecond(rate('08:00,10k 19:00,100k'), clock, 5 * 102_400 + 5 * 10_240);
    expect(Math.abs((seconds[2] ?? 0) - 102_400)).toBeLessThan(10_240);
    expect(Math.abs((seconds[7] ?? 0) - 10_240)).toBeLessThan(1_024);
    expect(seconds.length).toBeLessThan(12);
  });

  it('sends small pieces at slow rates, so that nobody waits for long', async () => {
    const clock = new QuickClock();
    const seconds = await perSecond(rate('1k'), clock, 8 * 1024);
    expect(seconds.length).toBe(8);
    expect(Math.min(...seconds)).toBeGreaterThan(0);
  });

  it('leaves a content alone where there is no limit', () => {
    const source = Readable.from([]);
    expect(new Limiter({}, new QuickClock()).content(source)).toBe(source);
  });

  it('hands on what a source fails with', async () => {
    const source = Readable.from(
      (async function* () {
        yield Buffer.alloc(5);
        throw new Error('the disk is gone');
      })(),
      { objectMode: false },
    );
    const limited = new Limiter(rate('1M'), new QuickClock()).content(source);
    await expectAsync(limited.toArray()).toBeRejectedWithError('the disk is gone');
  });

  it('makes all commands wait for their turn, those of the login and of flights as well', async () => {
    const server = await ScriptedServer.start();
    const clock = new QuickClock();
    const begun = clock.now();
    const rules = { ...talkRules, limits: { commandsPerSecond: 2 } };
    const talk = new TalkToFtp({ site: { ...server.site, directory: '/far' }, rules }, { clock });
    try {
      await talk.mkdir('a');
      await talk.mkdir('b');
      await talk.list('');
    } finally {
      await talk.disconnect();
      await server.stop();
    }
    // QUIT says only that nothing follows.
    const sent = server.commands.filter((command) => command !== 'QUIT').length;
    expect(sent).toBeGreaterThan(12);
    expect((clock.now() - begun) / 1000).toBeCloseTo((sent - 1) / 2, 0);
  });
});
