import { CodedError } from '../../lib/base/coded-error.ts';
import { delayBefore, type RetryRules, type RetrySurroundings, retry } from '../../lib/base/retry.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandom } from '../support/seeded-random.ts';

const RULES: RetryRules = { attempts: 4, firstDelayMs: 100, longestDelayMs: 300 };

/** Fails in a way that may pass until the given try. */
function failUntil(success: number): { work: (attempt: number) => Promise<string>; tries: number[] } {
  const tries: number[] = [];
  const work = async (attempt: number) => {
    tries.push(attempt);
    if (attempt < success) throw new CodedError('E_SPEC', `try ${attempt}`, { retry: true });
    return `done at ${attempt}`;
  };
  return { work, tries };
}

describe('retry', () => {
  let clock: ManualClock;
  let controller: AbortController;

  beforeEach(() => {
    clock = new ManualClock();
    controller = new AbortController();
  });

  function surroundings(): RetrySurroundings {
    return { clock, random: () => 1, signal: controller.signal };
  }

  /** Lets the time of each wait pass as soon as it is waited for. */
  async function letTimePass(waits: number): Promise<void> {
    for (let wait = 0; wait < waits; wait += 1) {
      await clock.someoneWaits();
      clock.advance(RULES.longestDelayMs);
    }
  }

  it('does once what succeeds', async () => {
    const { work, tries } = failUntil(1);
    expect(await retry(work, RULES, { clock, random: () => 1 })).toBe('done at 1');
    expect([tries, clock.waits]).toEqual([[1], []]);
  });

  it('tries again after growing waits, up to the longest', async () => {
    const { work, tries } = failUntil(4);
    const done = retry(work, RULES, surroundings());
    await letTimePass(3);
    expect(await done).toBe('done at 4');
    expect(tries).toEqual([1, 2, 3, 4]);
    expect(clock.waits).toEqual([100, 200, 300]);
  });

  it('does not try again before the wait is over', async () => {
    const { work, tries } = failUntil(2);
    const done = retry(work, RULES, surroundings());
    await clock.someoneWaits();
    clock.advance(99);
    await expectAsync(done).toBePending();
    expect(tries).toEqual([1]);
    clock.advance(1);
    expect(await done).toBe('done at 2');
  });

  it('gives the error of the last try when none succeeds', async () => {
    const { work, tries } = failUntil(5);
    const done = retry(work, RULES, surroundings());
    const refused = expectAsync(done).toBeRejectedWithError(CodedError, 'try 4');
    await letTimePass(3);
    await refused;
    expect(tries).toEqual([1, 2, 3, 4]);
  });

  for (const [what, error] of [
    ['a CodedError that will not pass', new CodedError('E_SPEC', 'no')],
    ['an error of no code', new Error('no')],
    ['what only looks like a CodedError', Object.assign(new Error('no'), { code: 'E_SPEC', retry: true })],
  ] as const) {
    it(`lets ${what} through at once`, async () => {
      await expectAsync(retry(() => Promise.reject(error), RULES, surroundings())).toBeRejectedWith(error);
      expect(clock.waits).toEqual([]);
    });
  }

  it('gives up when it is stopped during a wait, with the error of the last try', async () => {
    const { work, tries } = failUntil(3);
    const done = retry(work, RULES, surroundings());
    await clock.someoneWaits();
    controller.abort();
    await expectAsync(done).toBeRejectedWithError(CodedError, 'try 1');
    expect(tries).toEqual([1]);
  });

  it('does not begin to wait when it is stopped during a try', async () => {
    const failing = retry(
      async () => {
        controller.abort();
        throw new CodedError('E_SPEC', 'stopped', { retry: true });
      },
      RULES,
      surroundings(),
    );
    await expectAsync(failing).toBeRejectedWithError(CodedError, 'stopped');
    expect(clock.waits).toEqual([]);
  });
});

describe('delayBefore', () => {
  it('doubles from try to try', () => {
    const longest = { ...RULES, longestDelayMs: 2 ** 40 };
    expect([2, 3, 4, 12].map((attempt) => delayBefore(attempt, longest, () => 1))).toEqual([100, 200, 400, 102_400]);
  });

  it('never grows beyond the longest', () => {
    expect([4, 40, 4000].map((attempt) => delayBefore(attempt, RULES, () => 1))).toEqual([300, 300, 300]);
  });

  it('leaves half of the wait to chance, and never less than the other half', () => {
    expect([0, 0.5, 1].map((chance) => delayBefore(3, RULES, () => chance))).toEqual([100, 150, 200]);
    const random = seededRandom(20260102);
    const delays = Array.from({ length: 1000 }, () => delayBefore(3, RULES, () => random.fraction()));
    expect(delays.every((delay) => delay >= 100 && delay <= 200)).toBeTrue();
    expect(new Set(delays).size).toBeGreaterThan(900);
  });
});
