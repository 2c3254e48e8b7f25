import { TokenBucket } from '../../lib/base/token-bucket.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** A clock that lets each wait pass at once, and so much more as a timer is late. */
class LateClock extends ManualClock {
  lateMs = 0;

  override async wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.advance(ms + this.lateMs);
  }
}

describe('TokenBucket', () => {
  async function takeAll(bucket: TokenBucket, amounts: readonly number[]): Promise<void> {
    for (const amount of amounts) await bucket.take(amount);
  }

  it('lets the first through at once, and the others at the rate', async () => {
    const clock = new LateClock();
    const begun = clock.now();
    const bucket = new TokenBucket(() => 100, clock, 0);
    await bucket.take(50);
    expect(clock.waits).toEqual([]);
    await takeAll(bucket, Array(20).fill(50));
    expect(clock.now() - begun).toBe(10_000);
  });

  it('lets nothing be saved up for later but the burst', async () => {
    const clock = new LateClock();
    const bucket = new TokenBucket(() => 100, clock, 500);
    clock.advance(3_600_000);
    const begun = clock.now();
    await takeAll(bucket, Array(101).fill(1));
    expect(clock.now() - begun).toBe(500);
  });

  it('keeps the rate although timers wake late', async () => {
    const clock = new LateClock();
    clock.lateMs = 15;
    const bucket = new TokenBucket(() => 1_000_000, clock, 100);
    const begun = clock.now();
    await takeAll(bucket, Array(200).fill(50_000));
    expect((clock.now() - begun) / 10_000).toBeCloseTo(1, 1);
  });

  it('asks for the rate again while it waits, five times a second', async () => {
    const clock = new LateClock();
    const begun = clock.now();
    const rates = () => (clock.now() - begun < 1000 ? 1 : 1_000_000);
    const bucket = new TokenBucket(rates, clock, 0);
    await takeAll(bucket, [1_000_000, 1]);
    expect(Math.max(...clock.waits)).toBe(200);
    expect(clock.now() - begun).toBeLessThan(2_100);
  });

  it('lets all through while there is no limit, and owes nothing when there is one again', async () => {
    const clock = new LateClock();
    let rate = Number.POSITIVE_INFINITY;
    const bucket = new TokenBucket(() => rate, clock, 100);
    await takeAll(bucket, [1e12, 1e12, 1e12]);
    expect(clock.waits).toEqual([]);
    rate = 10;
    await bucket.take(1);
    expect(clock.waits.length).toBeLessThan(20);
  });

  it('waits for no time to come again when the clock is set back', async () => {
    const clock = new LateClock();
    const bucket = new TokenBucket(() => 10, clock, 100);
    await bucket.take(1);
    clock.advance(-3_600_000);
    const begun = clock.now();
    await bucket.take(1);
    expect(clock.now() - begun).toBeLessThan(200);
  });
});
