import { FilesError } from '../../lib/files/files-error.ts';
import { Refusals } from '../../lib/sync/refusals.ts';
import { TransferError } from '../../lib/transfer/transfer-error.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('Refusals', () => {
  const refusal = new TransferError('E_LOGIN', 'refused');

  function waits(usualMs: number, cycles: number): readonly number[] {
    const refusals = new Refusals();
    return Array.from({ length: cycles }, () => {
      refusals.add(refusal);
      return refusals.waitMs(usualMs);
    });
  }

  for (const [usual, usualMs, expected] of [
    ['a second', 1000, [1, 2, 4, 8, 16, 32, 60, 60]],
    ['a minute', MINUTE, [2, 4, 8, 16, 32, 60, 60]],
    ['45 minutes', 45 * MINUTE, [60, 60]],
    ['an hour', HOUR, [60, 60]],
    ['two hours', 2 * HOUR, [120, 120]],
  ] as const) {
    it(`make a wait of ${usual} longer, twice after each, up to an hour`, () => {
      expect(waits(usualMs, expected.length)).toEqual(expected.map((minutes) => minutes * MINUTE));
    });
  }

  it('make no wait endless, however many there are', () => {
    expect(waits(1000, 3000).at(-1)).toBe(HOUR);
  });

  it('leave the wait as it is when there was none, and when a connection was granted since', () => {
    const refusals = new Refusals();
    expect(refusals.waitMs(1000)).toBe(1000);
    refusals.add(refusal);
    refusals.end();
    expect(refusals.waitMs(1000)).toBe(1000);
  });

  it('are those of the login and of trust, and no other failures', () => {
    const refusals = new Refusals();
    refusals.add(new TransferError('E_CONNECT', 'away', { retry: true }));
    refusals.add(new TransferError('E_REFUSED', 'no folder'));
    refusals.add(new FilesError('E_ROOT_MISSING', 'gone'));
    expect(refusals.waitMs(1000)).toBe(1000);
    refusals.add(new TransferError('E_TLS', 'not trusted'));
    expect(refusals.waitMs(1000)).toBe(MINUTE);
  });
});
