import { percentile } from './change-scene.ts';
import { backAtRate, loopbackBytes, type WireLook } from './wire.ts';

describe('the wire between peers', () => {
  it('is read from what the system tells of the loopback', () => {
    const heads = 'Inter-|   Receive  |  Transmit\n face |bytes    packets errs drop|bytes    packets\n';
    expect(loopbackBytes(`${heads}  eth0: 99 1 0 0 99 1\n    lo: 123456 7 0 0 123456 7\n`)).toBe(123_456);
    expect(loopbackBytes(`${heads}    lo:5 7 0 0 5 7\n`)).toBe(5);
  });

  it('is back at its rate where it is half as busy as it was', () => {
    // Nothing for 300 ms, then a fifth of the rate of 100 bytes/ms, then 80 of it.
    const looks = looksAt((atMs) => 20 * Math.max(0, Math.min(atMs, 500) - 300) + 80 * Math.max(0, atMs - 500));
    const back = backAtRate(looks, 100);

    expect(back).toBeGreaterThan(400);
    expect(back).toBeLessThanOrEqual(500);
  });

  it('is never back when it stays quiet', () => {
    expect(
      backAtRate(
        looksAt(() => 0),
        100,
      ),
    ).toBe(990);
    expect(backAtRate([], 100)).toBe(0);
  });
});

describe('a percentile', () => {
  it('is what so many are not above', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect([0.5, 0.99, 1].map((part) => percentile(values, part))).toEqual([100, 198, 200]);
  });

  it('is the largest of a few, and nothing of none', () => {
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
    expect(percentile([], 0.5)).toBeNaN();
  });
});

function looksAt(bytesAt: (atMs: number) => number): readonly WireLook[] {
  return Array.from({ length: 100 }, (_, index) => ({ atMs: index * 10, bytes: bytesAt(index * 10) }));
}
