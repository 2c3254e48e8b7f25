import { codeOf } from '../../lib/base/coded-error.ts';
import { LoginGate } from '../../lib/control/login-gate.ts';
import { ManualClock } from '../support/manual-clock.ts';

const wrong = async () => undefined;
const right = async () => 'admin';

describe('LoginGate', () => {
  let clock: ManualClock;
  let gate: LoginGate;
  /** Of somebody who stays. */
  let signal: AbortSignal;

  beforeEach(() => {
    ({ signal } = new AbortController());
    clock = new ManualClock();
    gate = new LoginGate(clock);
  });

  async function tryAfter(check: () => Promise<string | undefined>, ms: number): Promise<string | undefined> {
    const tried = gate.pass(check, signal);
    if (ms > 0) await clock.someoneWaits();
    clock.advance(ms);
    return tried;
  }

  it('lets the right one in at once', async () => {
    expect(await gate.pass(right, signal)).toBe('admin');
    expect(clock.waits).toEqual([]);
  });

  it('makes each try wait longer the more of them failed, at most eight seconds', async () => {
    await gate.pass(wrong, signal);
    for (const ms of [1_000, 2_000, 4_000, 8_000, 8_000]) await tryAfter(wrong, ms);
    expect(clock.waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  it('counts the time that has passed by itself', async () => {
    await gate.pass(wrong, signal);
    clock.advance(1_000);
    await gate.pass(wrong, signal);
    expect(clock.waits).toEqual([]);
  });

  it('forgets the failures when somebody got in', async () => {
    await gate.pass(wrong, signal);
    expect(await tryAfter(right, 1_000)).toBe('admin');
    await gate.pass(wrong, signal);
    await tryAfter(wrong, 1_000);
    expect(clock.waits).toEqual([1_000, 1_000]);
  });

  it('checks one at a time', async () => {
    let running = 0;
    let most = 0;
    const check = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return 'admin';
    };
    await Promise.all([1, 2, 3, 4].map(() => gate.pass(check, signal)));
    expect(most).toBe(1);
  });

  it('sends away who would have to wait for eight others', async () => {
    const never = gate.pass(() => new Promise<undefined>(() => undefined), signal);
    const waiting = Array.from({ length: 7 }, () => gate.pass(right, signal));
    const error = await gate.pass(right, signal).catch((thrown: unknown) => thrown);
    expect(codeOf(error)).toBe('E_CONTROL_BUSY');
    expect([never, ...waiting]).toHaveSize(8);
  });

  it('keeps no place for who has gone', async () => {
    const going = new AbortController();
    void gate.pass(() => new Promise<undefined>(() => undefined), going.signal);
    for (let index = 0; index < 7; index += 1) void gate.pass(right, going.signal);
    going.abort();
    let isRefused = false;
    void gate.pass(right, signal).catch(() => {
      isRefused = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isRefused).toBe(false);
  });

  it('does not check for who has gone meanwhile', async () => {
    await gate.pass(wrong, signal);
    const going = new AbortController();
    let isChecked = false;
    const tried = gate.pass(async () => {
      isChecked = true;
      return 'admin';
    }, going.signal);
    await clock.someoneWaits();
    going.abort();
    expect(await tried).toBeUndefined();
    expect(isChecked).toBe(false);
  });

  it('goes on when a check was refused', async () => {
    await expectAsync(gate.pass(() => Promise.reject(new Error('no')), signal)).toBeRejectedWithError('no');
    expect(await gate.pass(right, signal)).toBe('admin');
  });
});
