import { setImmediate as turn } from 'node:timers/promises';
import type { GrowthRules } from '../../lib/far/growth.ts';
import { TalkToFtpMulti } from '../../lib/far/talk-to-ftp-multi.ts';
import type { FarLimit } from '../../lib/transfer/progress.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { talkRules } from '../support/talk-rules.ts';
import { listenTo, refusalOf } from '../support/transport-probe.ts';
import { ShiftingServer } from './shifting-server.ts';

const SITE = { protocol: 'ftp', host: 'far', port: 21, user: 'me', password: 'secret', directory: '/' } as const;
const MINUTE = 60_000;

interface Circumstances {
  readonly attempts?: number;
  readonly patienceMs?: number;
  readonly growth?: GrowthRules;
}

describe('TalkToFtpMulti, with workers and a server that are only numbers,', () => {
  let clock: ManualClock;
  let server: ShiftingServer;
  let talk: TalkToFtpMulti;
  let setBackMs: number;
  let told: string[];

  function open(
    size: number,
    limit: number | undefined,
    { attempts = 4, patienceMs = Number.POSITIVE_INFINITY, growth }: Circumstances = {},
  ) {
    clock = new ManualClock(0);
    setBackMs = 0;
    server = new ShiftingServer(size, limit, clock);
    const errand = { site: SITE, rules: { ...talkRules, attempts } };
    // Waits are not longer because the machine's clock is set back meanwhile.
    const machine = {
      now: () => clock.now() - setBackMs,
      wait: clock.wait.bind(clock),
      after: clock.after.bind(clock),
    };
    talk = new TalkToFtpMulti(errand, server, {
      clock: machine,
      random: () => 1,
      patienceMs,
      ...(growth && { growth }),
    });
    told = [];
    talk.events.on('away', ({ forMs }) => told.push(`away ${forMs / 1000}`));
    talk.events.on('back', ({ forMs }) => told.push(`back ${forMs / 1000}`));
    talk.events.on('limited', ({ connections }: FarLimit) => told.push(`limited ${connections}`));
  }

  /** Let time pass step by step until it is over or the work is done. */
  async function pass(ms: number, until: Promise<unknown> = new Promise(() => undefined)): Promise<void> {
    let isOver = false;
    void until.finally(() => {
      isOver = true;
    });
    for (const end = clock.now() + ms; clock.now() < end && !isOver; clock.advance(100)) await turn();
  }

  function jobs(count: number): readonly string[] {
    return [...Array(count).keys()].map((index) => `d${index}`);
  }

  it('learns the limit with no job failed, tried twice or done twice, and tells it once', async () => {
    open(8, 2);
    const heard = listenTo(talk);
    const all = Promise.all(jobs(100).map((path) => talk.mkdir(path)));
    await pass(MINUTE, all);
    await all;
    expect([...server.done.values()]).toEqual(Array(100).fill(1));
    expect(heard.ends.map(({ attempt, error }) => [attempt, error])).toEqual(Array(100).fill([1, undefined]));
    expect(told).toEqual(['limited 2']);
    expect(server.mostOpen).toBe(2);
  });

  it('gives a worker more before it is done, so that it has one batch that does not end', async () => {
    open(1, 1);
    const all = Promise.all(jobs(200).map((path) => talk.mkdir(path)));
    await pass(MINUTE, all);
    await all;
    expect([server.batches, server.done.size]).toEqual([1, 200]);
  });

  it('gives jobs once more that a worker did not hear of', async () => {
    open(2, 2);
    server.misses = () => true;
    const heard = listenTo(talk);
    const all = Promise.all(jobs(100).map((path) => talk.mkdir(path)));
    await pass(MINUTE, all);
    await all;
    expect([...server.done.values()]).toEqual(Array(100).fill(1));
    expect(heard.ends.every(({ attempt }) => attempt === 1)).toBeTrue();
  });

  /** Rules for four children, on a machine with cores to spare, that say by chance how much CPU they used. */
  function growing(most: number, random = seededRandom(1)): GrowthRules {
    let used = 0;
    const idleMs = () => 4 * clock.now();
    return { most, lanes: most, children: 4, cpuMs: () => (used += random.integer(1000)), idleMs };
  }

  it('begins with two connections and grows to as many as get more done', async () => {
    open(32, 20, { growth: { ...growing(8), cpuMs: () => 0 } });
    const all = Promise.all(jobs(1000).map((path) => talk.mkdir(path)));
    await pass(300, all);
    expect(server.mostOpen).toBe(2);
    await pass(30 * MINUTE, all);
    await all;
    expect(server.mostOpen).toBe(8);
    expect(told).toEqual([]);
  });

  it('grows to the limit of the server and tells it once', async () => {
    open(32, 3, { growth: growing(8) });
    const all = Promise.all(jobs(1000).map((path) => talk.mkdir(path)));
    await pass(30 * MINUTE, all);
    await all;
    expect([...server.done.values()]).toEqual(Array(1000).fill(1));
    expect(told).toEqual(['limited 3']);
  });

  it('has no more connections open than that while they move to further children', async () => {
    let used = 0;
    open(32, 20, { growth: { ...growing(8), cpuMs: () => (used += 5000) } });
    const heard = listenTo(talk);
    const all = Promise.all(jobs(1000).map((path) => talk.mkdir(path)));
    await pass(30 * MINUTE, all);
    await all;
    expect(server.mostOpen).toBeLessThan(9);
    const children = new Set(heard.ends.map(({ worker }) => Math.floor(Number(worker) / 8)));
    expect(children.size).toBe(4);
  });

  it('does every job while the limit changes, the server goes away, and connections and workers die by chance', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seededRandom(seed);
      if (seed % 2 === 0) open(1 + random.integer(8), 1, { attempts: 30 });
      else open(32, 1, { attempts: 30, growth: growing(8, random) });
      server.drops = () => random.integer(20) === 0;
      server.kills = () => random.integer(50) === 0;
      server.misses = () => random.integer(5) === 0;
      const heard = listenTo(talk);
      const all = Promise.allSettled(jobs(300).map((path) => talk.mkdir(path)));
      for (let rounds = 0; rounds < 20; rounds += 1) {
        await pass(random.integer(5) * 1000, all);
        const now = random.integer(10);
        server.limit = now === 9 && rounds > 0 ? undefined : now;
        if (random.integer(3) === 0) server.dropAll();
      }
      server.limit = 3;
      await pass(30 * MINUTE, all);
      const results = await Promise.race([all, turn([])]);
      expect(results.length).withContext(`seed ${seed}: none is forgotten`).toBe(300);
      expect(results.filter(({ status }) => status === 'rejected'))
        .withContext(`seed ${seed}`)
        .toEqual([]);
      expect(server.done.size).toBe(300);
      // As many ends as starts, and one good end for each job.
      expect(heard.ends.length).toBe(heard.starts.length);
      expect(heard.ends.filter(({ error }) => !error).length).toBe(300);
      await talk.disconnect();
    }
  }, 60_000);

  it('waits an hour for a server that is away, tells it at once, once a minute, and when it is back', async () => {
    open(4, 4);
    await Promise.all([talk.mkdir('first'), pass(1000)]);
    server.limit = undefined;
    server.dropAll();
    const all = Promise.all(jobs(50).map((path) => talk.mkdir(path)));
    await pass(60 * MINUTE, all);
    server.limit = 4;
    await pass(2 * MINUTE, all);
    await all;
    expect(told[0]).toBe('away 0');
    expect(told.slice(1, 60)).toEqual([...Array(59).keys()].map((minute) => `away ${(minute + 1) * 60}`));
    expect(told.at(-1)).toMatch(/^back 36\d\d/);
    expect(told.length).toBeLessThan(64);
  });

  it('goes on at once when the clock of the machine is set back while it waits', async () => {
    open(2, 2);
    await Promise.all([talk.mkdir('first'), pass(MINUTE)]);
    server.limit = undefined;
    server.dropAll();
    const second = talk.mkdir('second');
    await pass(10_000);
    setBackMs = 60 * MINUTE;
    server.limit = 2;
    await pass(2 * MINUTE, second);
    await expectAsync(second).toBeResolved();
  });

  it('gives all up when its patience is over, with the reason and the word that there is no use in more', async () => {
    open(2, 2, { patienceMs: 5 * MINUTE });
    await Promise.all([talk.mkdir('first'), pass(1000)]);
    server.limit = undefined;
    server.dropAll();
    const calls = jobs(3).map((path) => refusalOf(talk.mkdir(path)));
    const begun = clock.now();
    await pass(10 * MINUTE, Promise.all(calls));
    expect((clock.now() - begun) / MINUTE).toBeCloseTo(5, 1);
    for (const error of await Promise.all(calls)) expect([error.code, error.fatal]).toEqual(['E_CONNECT', true]);
  });

  it('gives a login up that it had before and is refused now, after so many tries as a job has', async () => {
    open(2, 2, { attempts: 3 });
    await Promise.all([talk.mkdir('first'), pass(1000)]);
    server.limit = undefined;
    server.refusal = { code: 'E_LOGIN', message: '530 Login incorrect', retry: false };
    server.dropAll();
    const refused = refusalOf(talk.mkdir('second'));
    await pass(MINUTE, refused);
    expect(await refused).toEqual(jasmine.objectContaining({ code: 'E_LOGIN', fatal: true }));
    expect(told).toEqual(['away 0']);
    // And after that once for each call, until it is granted.
    const before = server.refused;
    const again = refusalOf(talk.mkdir('third'));
    await pass(MINUTE, again);
    expect([(await again).code, server.refused - before]).toEqual(['E_LOGIN', 1]);
  });

  it('goes on when such a login is granted again before that', async () => {
    open(2, 2, { attempts: 3 });
    await Promise.all([talk.mkdir('first'), pass(1000)]);
    server.limit = undefined;
    server.refusal = { code: 'E_LOGIN', message: '530 Login incorrect', retry: false };
    server.dropAll();
    const second = talk.mkdir('second');
    await pass(700);
    expect(told).toEqual(['away 0']);
    server.limit = 2;
    await Promise.all([second, pass(5000, second)]);
    expect(told.at(-1)).toMatch(/^back/);
  });

  it('gives a server up that was never there after so many tries as a job has', async () => {
    open(4, undefined, { attempts: 3 });
    const refused = refusalOf(talk.mkdir('first'));
    await pass(MINUTE, refused);
    expect(await refused).toEqual(jasmine.objectContaining({ code: 'E_CONNECT', fatal: true }));
    expect(clock.now()).toBeLessThan(2000);
    expect(told).toEqual([]);
  });

  it('ends at once when it is closed while it waits, and calls what was never begun unbegun', async () => {
    open(2, 2);
    await Promise.all([talk.mkdir('first'), pass(1000)]);
    server.limit = undefined;
    server.dropAll();
    const calls = jobs(3).map((path) => refusalOf(talk.mkdir(path)));
    await pass(10_000);
    await talk.disconnect();
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(Array(3).fill('E_CLOSED'));
  });

  it('lets the others go on while a job waits for its next try', async () => {
    open(1, 1);
    let first = true;
    server.drops = () => {
      const drops = first;
      first = false;
      return drops;
    };
    const order: string[] = [];
    const calls = jobs(4).map((path) => talk.mkdir(path).then(() => order.push(path)));
    await pass(MINUTE, Promise.all(calls));
    expect(order).toEqual(['d1', 'd2', 'd3', 'd0']);
  });
});
