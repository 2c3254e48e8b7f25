import type { BanView } from '../../../lib/control/live-server.ts';
import { type BanRules, Bans } from '../../../lib/server/admission/bans.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const MINUTE = 60_000;

describe('Bans', () => {
  let clock: ManualClock;
  let rules: BanRules;
  let told: BanView[];
  let bans: Bans;

  beforeEach(() => {
    clock = new ManualClock();
    rules = { addressAfter: 15, userAfter: 100, banMs: 30 * MINUTE };
    told = [];
    bans = new Bans(
      clock,
      () => rules,
      (ban) => told.push(ban),
    );
  });

  function fail(times: number, kind: BanView['kind'] = 'address', name = '192.0.2.7'): void {
    for (let count = 0; count < times; count += 1) bans.fail(kind, name);
  }

  it('threat 20: keep an address out at the 15th wrong login, for half an hour', () => {
    fail(14);
    expect(bans.isBanned('address', '192.0.2.7')).toBeFalse();
    fail(1);
    expect(bans.isBanned('address', '192.0.2.7')).toBeTrue();
    expect(bans.isBanned('address', '192.0.2.8')).toBeFalse();
    const ban: BanView = { kind: 'address', name: '192.0.2.7', untilMs: clock.now() + 30 * MINUTE, failures: 15 };
    expect(told).toEqual([ban]);
    expect(bans.list()).toEqual([ban]);
    clock.advance(30 * MINUTE);
    expect(bans.isBanned('address', '192.0.2.7')).toBeFalse();
    expect(bans.list()).toEqual([]);
  });

  it('last half as long again each time', () => {
    for (const minutes of [30, 45, 67.5]) {
      fail(15);
      expect(told.at(-1)?.untilMs).toBe(clock.now() + minutes * MINUTE);
      clock.advance(minutes * MINUTE);
    }
    expect(told.at(-1)?.failures).toBe(45);
  });

  it('forget wrong logins evenly: one every two minutes never leads to a ban', () => {
    for (let count = 0; count < 500; count += 1) {
      fail(1);
      clock.advance(2 * MINUTE);
    }
    expect(told).toEqual([]);
  });

  it('tell how many count against somebody', () => {
    fail(4);
    clock.advance(4 * MINUTE);
    expect(bans.fail('address', '192.0.2.7')).toBe(3);
  });

  it('count names apart from addresses', () => {
    fail(99, 'user', 'steve');
    expect(told).toEqual([]);
    fail(1, 'user', 'steve');
    expect(bans.isBanned('user', 'steve')).toBeTrue();
    expect(bans.isBanned('address', 'steve')).toBeFalse();
  });

  it('can be lifted, and begin at nothing then', () => {
    fail(15);
    expect(bans.lift('address', '192.0.2.7')).toBeTrue();
    expect(bans.isBanned('address', '192.0.2.7')).toBeFalse();
    expect(bans.lift('address', '192.0.2.7')).toBeFalse();
    fail(14);
    expect(bans.list()).toEqual([]);
  });

  it('are not made where they are switched off', () => {
    rules = { addressAfter: Number.POSITIVE_INFINITY, userAfter: Number.POSITIVE_INFINITY, banMs: 30 * MINUTE };
    fail(10_000);
    expect(bans.list()).toEqual([]);
  });

  it('last until they are lifted where their time is never over', () => {
    rules = { ...rules, banMs: Number.POSITIVE_INFINITY };
    fail(15);
    clock.advance(1e12);
    expect(bans.isBanned('address', '192.0.2.7')).toBeTrue();
    expect(new Date(bans.list()[0]?.untilMs ?? 0).getFullYear()).toBe(275_760);
  });

  it('remember so many strangers only, and those that are kept out before others', () => {
    fail(15, 'address', 'first');
    for (let count = 0; count < 20_000; count += 1) fail(1, 'address', `stranger ${count}`);
    expect(bans.isBanned('address', 'first')).toBeTrue();
    expect(bans.fail('address', 'stranger 0')).toBe(1);
    expect(bans.fail('address', 'stranger 19999')).toBe(2);
  });
});
