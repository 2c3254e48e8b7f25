import { exitStatus } from '../../lib/base/exit-status.ts';

describe('exitStatus', () => {
  it('gives no two names the same number', () => {
    const numbers = Object.values(exitStatus);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('says 0 for done and for nothing else', () => {
    expect(exitStatus.done).toBe(0);
  });

  it('fits into the byte that a shell sees', () => {
    expect(
      Object.values(exitStatus).every((status) => Number.isInteger(status) && status >= 0 && status < 256),
    ).toBeTrue();
  });

  it('says of a signal what a shell says of it', () => {
    const signals: number[] = [exitStatus.interrupted, exitStatus.terminated];
    expect(signals).toEqual([128 + 2, 128 + 15]);
  });
});
